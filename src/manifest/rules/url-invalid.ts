import { finding, type Finding } from '../finding.ts';
import { member } from '../pointer.ts';
import type { Manifest } from '../schema.ts';

const THIS_MACHINE = new Set(['localhost', '127.0.0.1', '[::1]']);

/** URLs in the manifest that credentials must not be sent to. Those from the environment are checked at start. */
export function findInvalidUrls(manifest: Manifest): Finding[] {
  return writtenUrls(manifest).flatMap(({ url, pointer }) => {
    const problem = findProblem(url);
    return problem === undefined ? [] : [finding('url-invalid', pointer, { url, problem })];
  });
}

function writtenUrls({ auth, upstreams = {} }: Manifest): { readonly url: string; readonly pointer: string }[] {
  const settings = [
    ...(auth?.type === 'oauth'
      ? [
          { url: auth.issuer, pointer: '/auth/issuer' },
          { url: auth.audience, pointer: '/auth/audience' },
          { url: auth.introspection?.url, pointer: '/auth/introspection/url' },
        ]
      : []),
    ...Object.entries(upstreams).flatMap(([name, { baseUrl, credential }]) => [
      { url: baseUrl, pointer: member('/upstreams', name, 'baseUrl') },
      ...('tokenUrl' in credential
        ? [{ url: credential.tokenUrl, pointer: member('/upstreams', name, 'credential', 'tokenUrl') }]
        : []),
    ]),
  ];
  return settings.flatMap(({ url, pointer }) => (typeof url === 'string' ? [{ url, pointer }] : []));
}

function findProblem(text: string): string | undefined {
  const url = URL.parse(text);
  if (url === null) return 'is no URL';
  if (url.username !== '' || url.password !== '') return 'has a user in it';
  if (url.search !== '' || url.hash !== '') return 'has a query or a fragment';
  const isSafe = url.protocol === 'https:' || (url.protocol === 'http:' && THIS_MACHINE.has(url.hostname));
  return isSafe ? undefined : 'does not start with https://';
}
