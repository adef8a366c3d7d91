import { finding, type Finding } from '../finding.ts';
import { member } from '../pointer.ts';
import { declaredRequests } from '../requests.ts';
import type { Manifest } from '../schema.ts';

/** The list of the kernel's `upstream/headers.ts`, which refuses to start with them. */
const RESERVED = new Set([
  'authorization',
  'connection',
  'content-length',
  'content-type',
  'cookie',
  'expect',
  'host',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Headers that the connection, the body or the credential decides. */
export function findReservedHeaders(manifest: Manifest): Finding[] {
  return declaredHeaders(manifest).flatMap(({ upstream, header, pointer, part }) => {
    const credential = upstream === undefined ? undefined : manifest.upstreams?.[upstream]?.credential;
    const keyHeader = credential?.type === 'api-key' ? credential.header.toLowerCase() : undefined;
    const isReserved = RESERVED.has(header.toLowerCase()) || header.toLowerCase() === keyHeader;
    return isReserved ? [finding('header-reserved', pointer, { header }, part)] : [];
  });
}

interface DeclaredHeader {
  readonly header: string;
  /** Absent where a handler sends it. */
  readonly upstream: string | undefined;
  readonly pointer: string;
  readonly part?: 'key';
}

/** Those of requests, and those that take an upstream's key. */
function declaredHeaders(manifest: Manifest): DeclaredHeader[] {
  return [
    ...declaredRequests(manifest).flatMap(({ request: { upstream, headers = {} }, pointer }) =>
      Object.keys(headers).map((header) => ({
        header,
        upstream,
        pointer: member(pointer, 'headers', header),
        part: 'key' as const,
      })),
    ),
    ...manifest.tools.flatMap(({ request, idempotency }, index) => {
      const key = idempotency?.upstreamKey;
      const pointer = member('/tools', index, 'idempotency', 'upstreamKey', 'header');
      return key && 'header' in key ? [{ header: key.header, upstream: request?.upstream, pointer }] : [];
    }),
  ];
}
