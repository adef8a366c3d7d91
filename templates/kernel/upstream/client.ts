/** The client that a handler reaches an upstream with. */
import { UpstreamUnavailable, type UpstreamAnswer, type UpstreamClient, type UpstreamRequest } from '../handler.ts';
import type { Settings, UpstreamSettings } from '../settings.ts';
import { appendTo, CONTENT_TYPES, encodeSegment, joinUrl, type EncodedRequest } from './encode.ts';
import { authorize, findUpstream, retryWindow } from './execute-request.ts';
import { newHeaders, setHeader } from './headers.ts';
import { parseRetryAfter } from './retry-after.ts';
import { retry, type Tried } from './retry.ts';
import { send, type Attempt } from './send.ts';

/**
 * Throws where the server has no upstream of that name. Requests end with any status as an answer, or reject
 * with `UpstreamUnavailable`. GET and HEAD are retried; anything else only while nothing was sent.
 */
export function connectUpstream(settings: Settings, name: string, signal: AbortSignal): UpstreamClient {
  const upstream = findUpstream(settings, name);
  const { timeoutMs, maxResponseBytes } = upstream.declaration;
  return {
    request: async (request) => {
      const encoded = encode(request, upstream);
      const repeatable = request.method === 'GET' || request.method === 'HEAD';
      const attempt = await retry(
        async () =>
          judge(await send(encoded, { timeoutMs, maxResponseBytes, reuseConnection: repeatable, signal }), repeatable),
        { upstream, withinMs: retryWindow(settings), signal },
      );
      return answerOf(attempt, name);
    },
  };
}

function encode(request: UpstreamRequest, upstream: UpstreamSettings): EncodedRequest {
  const headers = newHeaders();
  for (const [name, value] of Object.entries(request.headers ?? {})) setHeader(headers, { name, value, field: '' });
  if (request.body !== undefined) headers.set('content-type', CONTENT_TYPES.json);
  if (!authorize(upstream, headers)) {
    throw new UpstreamUnavailable(upstream.declaration.name, { sent: false, reason: 'credential unreadable' });
  }
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(request.query ?? {})) appendTo(query, name, value, '');
  return {
    method: request.method,
    url: joinUrl(upstream.baseUrl, request.path.map(encodeSegment).join('/'), query),
    headers,
    body: request.body === undefined ? undefined : JSON.stringify(request.body),
  };
}

const TRANSIENT: ReadonlySet<number> = new Set([502, 503, 504]);

function judge(attempt: Attempt, repeatable: boolean): Tried<Attempt> {
  if (attempt.kind !== 'answered') return { result: attempt, again: repeatable || attempt.kind === 'not-sent' };
  const { status, headers } = attempt.answer;
  return {
    result: attempt,
    again: repeatable && TRANSIENT.has(status),
    retryAfterMs: parseRetryAfter(headers.get('retry-after') ?? undefined, Date.now()),
  };
}

function answerOf(attempt: Attempt, upstream: string): UpstreamAnswer {
  if (attempt.kind !== 'answered') {
    throw new UpstreamUnavailable(upstream, { sent: attempt.kind === 'lost', reason: attempt.reason });
  }
  const { status, headers, body } = attempt.answer;
  if (body.kind === 'broken' || body.kind === 'too-large') {
    throw new UpstreamUnavailable(upstream, { sent: true, reason: `its answer was ${body.kind}` });
  }
  return { status, headers, body: body.kind === 'empty' ? undefined : body.value };
}
