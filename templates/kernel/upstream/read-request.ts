/** Reads that belong to a call: look-ups and preconditions. */
import { failure } from '../failure.ts';
import type { ReadAnswer, ReadInput } from '../settings.ts';
import { addressRefused } from './address-refused.ts';
import { exchange } from './exchange.ts';
import { readyRequest } from './ready-request.ts';
import { findUpstream } from './upstream.ts';

/** Rejects only for what generated code cannot hold: a request that writes, or an upstream that does not exist. */
export async function readRequest({ request, scope, settings, delegation, signal }: ReadInput): Promise<ReadAnswer> {
  if (request.method !== 'GET' && request.method !== 'HEAD') throw new Error(`${request.method} is no read`);
  const upstream = findUpstream(settings, request.upstream);
  const ready = await readyRequest(request, upstream, { scope, delegation, signal });
  if (ready.kind === 'refused') return { kind: 'failed', error: ready.error };
  const need = { scopes: request.upstreamScopes, delegation };
  const answer = await exchange(ready.request, { upstream, settings, signal, need });
  if (answer.kind === 'answered') return answer;
  return { kind: 'failed', error: answer.addressRefused ? addressRefused() : failure(NO_USABLE_ANSWER) };
}

const NO_USABLE_ANSWER = {
  code: 'UPSTREAM_UNAVAILABLE',
  category: 'unavailable',
  message: 'The upstream could not be read completely. The same call may succeed later.',
} as const;
