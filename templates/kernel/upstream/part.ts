/** Upstreams, for the servers that have any. */
import { readUpstreams } from '../config/upstreams.ts';
import type { UpstreamPart } from '../settings.ts';
import { connectUpstream } from './client.ts';
import { executeRequest } from './execute-request.ts';

export const upstreamPart: UpstreamPart = {
  readSettings: readUpstreams,
  execute: executeRequest,
  connect: connectUpstream,
};
