/** Sends with the upstream's credential and, where that is refused, once more with a new one. */
import type { CredentialNeed, UpstreamSettings } from '../../settings.ts';
import type { EncodedRequest } from '../encode.ts';
import { observedSend } from '../observed-send.ts';
import type { Attempt, SendOptions } from '../send.ts';
import { authorized } from '../upstream.ts';

/** For one call: however often it sends, its credential is renewed once. */
export function sendAuthorized(
  authorizedRequest: EncodedRequest,
  about: {
    readonly upstream: UpstreamSettings;
    readonly need: CredentialNeed;
    /** Whether nothing happened, and that for want of a credential. Default: the upstream answered 401. */
    readonly isRefused?: (attempt: Attempt) => boolean;
  },
): (options: SendOptions) => Promise<Attempt> {
  const { upstream, need, isRefused = answered401 } = about;
  let request = authorizedRequest;
  let isRenewed = false;
  let number = 0;
  const send = (options: SendOptions): Promise<Attempt> => {
    number += 1;
    return observedSend(request, options, { upstream, number });
  };
  return async (options) => {
    const attempt = await send(options);
    if (isRenewed || upstream.discard === undefined || !isRefused(attempt)) return attempt;
    isRenewed = true;
    upstream.discard(request.headers);
    const again = await authorized(upstream, request, { ...need, signal: options.signal });
    if (again.kind === 'refused') return attempt;
    ({ request } = again);
    return send(options);
  };
}

export function answered401(attempt: Attempt): boolean {
  return attempt.kind === 'answered' && attempt.answer.status === 401;
}
