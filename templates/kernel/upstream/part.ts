/** Upstreams, for the servers that have any. */
import { readUpstreams } from '../config/upstreams.ts';
import type { UpstreamPart } from '../settings.ts';
import { connectUpstream } from './client.ts';
import type { CredentialKinds } from './credential.ts';
import { prepareRequest } from './prepare-request.ts';
import { readRequest } from './read-request.ts';

/** `kinds`: what obtains credentials while the server runs. */
export function upstreamsWith(kinds: CredentialKinds): UpstreamPart {
  return {
    readSettings: (server, environment) => readUpstreams(server, environment, kinds),
    prepare: prepareRequest,
    read: readRequest,
    connect: connectUpstream,
  };
}

/** Where every credential stands in the environment. */
export const upstreamPart: UpstreamPart = upstreamsWith({});
