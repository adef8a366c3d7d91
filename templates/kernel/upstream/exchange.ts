/** A request and its answer, retried where that is safe; what the status means is for whoever asked. */
import type { JsonValue } from '../json.ts';
import type { CredentialNeed, Settings, UpstreamSettings } from '../settings.ts';
import { valueOf } from './answer.ts';
import { sendAuthorized } from './credentials/renew.ts';
import type { EncodedRequest } from './encode.ts';
import { parseRetryAfter } from './retry-after.ts';
import { retry, type Tried } from './retry.ts';
import type { Attempt } from './send.ts';
import { meaningOf } from './status-table.ts';
import { retryWindow } from './upstream.ts';

export type Exchange =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly headers: Headers;
      readonly body: JsonValue | undefined;
    }
  /** `sent: false`: provably nothing left this server. */
  | { readonly kind: 'failed'; readonly sent: boolean; readonly reason: string; readonly addressRefused?: true };

export interface ExchangeOptions {
  readonly upstream: UpstreamSettings;
  readonly settings: Settings;
  readonly signal: AbortSignal;
  /** What its credential was had for. */
  readonly need: Omit<CredentialNeed, 'signal'>;
  /** Absent for what may be sent at any time, and as often as it takes: a read. */
  readonly mayStillSend?: () => boolean;
}

/** Never rejects. What is no read is only retried while nothing was sent. */
export async function exchange(request: EncodedRequest, options: ExchangeOptions): Promise<Exchange> {
  const { upstream, settings, signal, need, mayStillSend } = options;
  const { timeoutMs, maxResponseBytes } = upstream.declaration;
  const isRead = mayStillSend === undefined;
  const sending = { timeoutMs, maxResponseBytes, signal, reach: upstream.reach, mayStillSend };
  const send = sendAuthorized(request, { upstream, need });
  const attempt = await retry(async () => judge(await send(sending), isRead), {
    upstream,
    withinMs: retryWindow(settings),
    signal,
  });
  return exchangeOf(attempt);
}

function judge(attempt: Attempt, isRead: boolean): Tried<Attempt> {
  switch (attempt.kind) {
    case 'not-sent':
      return { result: attempt, again: true };
    case 'not-allowed':
    case 'too-late':
      return { result: attempt, again: false };
    case 'lost':
      return { result: attempt, again: isRead };
    case 'answered': {
      const { status, headers, body } = attempt.answer;
      const isTransient = status >= 300 ? meaningOf(status).transient === true : body.kind === 'broken';
      const retryAfterMs = parseRetryAfter(headers.get('retry-after') ?? undefined, Date.now());
      return { result: attempt, again: isRead && isTransient, retryAfterMs };
    }
  }
}

function exchangeOf(attempt: Attempt): Exchange {
  switch (attempt.kind) {
    case 'not-sent':
      return { kind: 'failed', sent: false, reason: attempt.reason };
    case 'not-allowed':
      return { kind: 'failed', sent: false, reason: 'its address may not be connected to', addressRefused: true };
    case 'too-late':
      return { kind: 'failed', sent: false, reason: 'its claim on the operation ended first' };
    case 'lost':
      return { kind: 'failed', sent: true, reason: attempt.reason };
    case 'answered': {
      const { status, headers, body } = attempt.answer;
      if (body.kind === 'broken' || body.kind === 'too-large') {
        return { kind: 'failed', sent: true, reason: `its answer was ${body.kind}` };
      }
      return { kind: 'answered', status, headers, body: valueOf(body) };
    }
  }
}
