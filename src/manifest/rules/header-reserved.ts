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
  return declaredRequests(manifest).flatMap(({ request: { upstream, headers = {} }, pointer }) => {
    const credential = manifest.upstreams?.[upstream]?.credential;
    const keyHeader = credential?.type === 'api-key' ? credential.header.toLowerCase() : undefined;
    return Object.keys(headers)
      .filter((header) => RESERVED.has(header.toLowerCase()) || header.toLowerCase() === keyHeader)
      .map((header) => finding('header-reserved', member(pointer, 'headers', header), { header }, 'key'));
  });
}
