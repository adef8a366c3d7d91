/** One attempt at a request, of which traces are told where there are any. */
import type { UpstreamSettings } from '../settings.ts';
import type { EncodedRequest } from './encode.ts';
import { send, type Attempt, type SendOptions } from './send.ts';

/** Never rejects. `number`: 1 for the first attempt. */
export async function observedSend(
  request: EncodedRequest,
  options: SendOptions,
  { upstream, number }: { readonly upstream: UpstreamSettings; readonly number: number },
): Promise<Attempt> {
  const { tracing, declaration } = upstream;
  if (tracing === undefined) return send(request, options);
  const span = tracing.attempt({ upstream: declaration.name, method: request.method, number });
  const attempt = await send(declaration.sendsTrace ? withTrace(request, span.traceparent) : request, options);
  span.ended(attempt.kind === 'answered' ? { status: attempt.answer.status } : { failure: attempt.kind });
  return attempt;
}

/** Of the trace only its name goes: what clients add to it (`tracestate`, `baggage`) is not for others. */
function withTrace(request: EncodedRequest, traceparent: string | undefined): EncodedRequest {
  if (traceparent === undefined) return request;
  const headers = new Headers(request.headers);
  headers.set('traceparent', traceparent);
  return { ...request, headers };
}
