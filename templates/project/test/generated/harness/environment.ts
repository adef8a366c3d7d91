/** The variables that the server needs to start, with values that lead nowhere. */
import type { ServerDeclaration, Setting, UpstreamDeclaration } from '../../../src/kernel/tool.ts';

export function environmentOf(server: ServerDeclaration): Record<string, string> {
  return Object.fromEntries(server.upstreams.flatMap(variablesOf));
}

type Variable = readonly [name: string, value: string];

function variablesOf(upstream: UpstreamDeclaration): readonly Variable[] {
  const { baseUrl, credential, allowedHosts } = upstream;
  const url = setting(baseUrl, `https://${allowedHosts[0]}`);
  switch (credential.type) {
    case 'none':
    case 'provider':
      return url;
    case 'bearer':
      return [...url, secret(credential.token.secret)];
    case 'api-key':
      return [...url, secret(credential.key.secret)];
    case 'basic':
      return [...url, ...setting(credential.username, 'generated-test'), secret(credential.password.secret)];
    case 'oauth-client-credentials':
    case 'oauth-token-exchange':
      return [
        ...url,
        ...setting(credential.tokenUrl, 'https://nowhere.invalid/token'),
        ...setting(credential.clientId, 'generated-test'),
        secret(credential.clientSecret.secret),
        ...('actorToken' in credential && credential.actorToken ? [secret(credential.actorToken.secret)] : []),
      ];
  }
}

const setting = (from: Setting, value: string): readonly Variable[] => ('env' in from ? [[from.env, value]] : []);
const secret = (name: string): Variable => [name, 'not-a-secret'];
