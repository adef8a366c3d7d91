/**
 * Handlers are yours to test: what is tested here is everything around them. So every handler is replaced by
 * one that makes a single request to the loopback upstream, where its effects can be counted and made to fail.
 */
import type { AnyHandler } from '../../../src/kernel/handler.ts';
import type { JsonObject } from '../../../src/kernel/json.ts';
import type { Tool } from '../../../src/kernel/tool.ts';

/** The tool, its handler replaced; a declared tool as it is. */
export function withStandIn(tool: Tool, upstreamUrl: string): Tool {
  return tool.handler === undefined ? tool : { ...tool, handler: standIn(upstreamUrl) };
}

/** Answers with the body's `result`, or fails with the code that the body's `fail` names. */
function standIn(upstreamUrl: string): AnyHandler {
  return async (args, ctx) => {
    const response = await fetch(upstreamUrl, { method: 'POST', body: JSON.stringify(args), signal: ctx.signal });
    // The loopback upstream answers with what the test told it: an object.
    const body = (await response.json()) as JsonObject;
    if (typeof body['fail'] === 'string') ctx.fail(body['fail']);
    return body['result'];
  };
}
