/** Upstreams, for the servers that have any. */
import { readUpstreams } from '../config/upstreams.ts';
import type { UpstreamPart } from '../settings.ts';
import { connectUpstream } from './client.ts';
import { prepareRequest } from './prepare-request.ts';
import { readRequest } from './read-request.ts';

export const upstreamPart: UpstreamPart = {
  readSettings: readUpstreams,
  prepare: prepareRequest,
  read: readRequest,
  connect: connectUpstream,
};
