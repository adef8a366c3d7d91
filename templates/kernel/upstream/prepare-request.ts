/** Executes a declared tool: one HTTP request, encoded from the arguments, sent, and its answer classified. */
import type { Execution } from '../execution.ts';
import type { Prepared, RequestInput, SendOptions, UpstreamSettings } from '../settings.ts';
import { answered401, sendAuthorized } from './credentials/renew.ts';
import { combine, repetitionOf } from './doubt.ts';
import type { EncodedRequest } from './encode.ts';
import { classify } from './outcome.ts';
import { readyRequest } from './ready-request.ts';
import { retry } from './retry.ts';
import type { Attempt } from './send.ts';
import { findUpstream, retryWindow } from './upstream.ts';

/** Rejects only for what generated code cannot hold: a tool without a request, or an upstream that does not exist. */
export async function prepareRequest(input: RequestInput): Promise<Prepared> {
  const { tool, scope, settings, delegation, signal } = input;
  if (tool.request === undefined) throw new Error(`${tool.definition.name} declares no request`);
  const upstream = findUpstream(settings, tool.request.upstream);
  const ready = await readyRequest(tool.request, upstream, { scope, delegation, signal });
  if (ready.kind === 'refused') return { kind: 'refused', execution: { kind: 'not-sent', error: ready.error } };
  const { digest, request } = ready;
  return { kind: 'ready', digest, send: (options) => execute(request, { ...input, upstream }, options) };
}

/** Every attempt sends the same bytes. */
function execute(
  request: EncodedRequest,
  input: RequestInput & { readonly upstream: UpstreamSettings },
  { signal, mayStillSend }: SendOptions,
): Promise<Execution> {
  const { tool, settings, upstream, delegation } = input;
  const { timeoutMs, maxResponseBytes } = upstream.declaration;
  const repetition = repetitionOf(tool.policy);
  const options = { timeoutMs, maxResponseBytes, signal, reach: upstream.reach };
  const judge = (attempt: Attempt) => classify(attempt, { ...input, repetition });
  const send = sendAuthorized(request, {
    upstream,
    need: { scopes: tool.request?.upstreamScopes, delegation },
    // The manifest may say otherwise of a 401: what may have happened is not sent again for that.
    isRefused: (attempt) => answered401(attempt) && didNothing(judge(attempt).result),
  });
  let before: Execution | undefined;
  return retry(
    async () => {
      const attempt = await send(repetition === 'read' ? options : { ...options, mayStillSend });
      const { result, ...more } = judge(attempt);
      before = combine(before, result);
      return { result: before, ...more };
    },
    { upstream, withinMs: retryWindow(settings), signal },
  );
}

function didNothing(execution: Execution): boolean {
  return execution.kind === 'rejected' && execution.error.executed === 'no' && !execution.terminal;
}
