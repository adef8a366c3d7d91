/** The client that a handler reaches an upstream with. */
import { UpstreamUnavailable, type UpstreamClient, type UpstreamRequest } from '../handler.ts';
import type { ConnectOptions, Settings, UpstreamSettings } from '../settings.ts';
import { addressRefused } from './address-refused.ts';
import { appendTo, CONTENT_TYPES, encodeSegment, joinUrl, type EncodedRequest } from './encode.ts';
import { exchange } from './exchange.ts';
import { setHeader } from './headers.ts';
import { authorized, findUpstream } from './upstream.ts';

/**
 * Throws where the server has no upstream of that name. Requests end with any status as an answer, or reject
 * with `UpstreamUnavailable`. GET and HEAD are retried; anything else only while nothing was sent, and it does not
 * leave once the call's claim is over.
 */
export function connectUpstream(settings: Settings, name: string, options: ConnectOptions): UpstreamClient {
  const upstream = findUpstream(settings, name);
  const { signal, mayStillSend, scopes, delegation } = options;
  const need = { scopes, delegation };
  return {
    request: async (request) => {
      const ready = await authorized(upstream, encode(request, upstream), { ...need, signal });
      if (ready.kind === 'refused') {
        const { error } = ready;
        throw new UpstreamUnavailable(name, { sent: false, reason: error.code, error });
      }
      const isRead = request.method === 'GET' || request.method === 'HEAD';
      const about = { upstream, settings, signal, need };
      const answer = await exchange(ready.request, isRead ? about : { ...about, mayStillSend });
      if (answer.kind === 'failed') {
        throw new UpstreamUnavailable(name, { ...answer, error: answer.addressRefused && addressRefused() });
      }
      const { status, headers, body } = answer;
      return { status, headers, body };
    },
  };
}

function encode(request: UpstreamRequest, upstream: UpstreamSettings): EncodedRequest {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers ?? {})) setHeader(headers, { name, value, field: '' });
  if (request.body !== undefined) headers.set('content-type', CONTENT_TYPES.json);
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(request.query ?? {})) appendTo(query, name, value, '');
  return {
    method: request.method,
    url: joinUrl(upstream.baseUrl, request.path.map(encodeSegment).join('/'), query),
    headers,
    body: request.body === undefined ? undefined : JSON.stringify(request.body),
  };
}
