/**
 * Handlers are yours to test: what is tested here is everything around them. So every handler is replaced by
 * one that makes a single request to the loopback upstream, where its effects can be counted and made to fail.
 */
import type { AnyHandler, ToolContext } from '../../../src/kernel/handler.ts';
import type { JsonObject, JsonValue } from '../../../src/kernel/json.ts';
import type { Tool } from '../../../src/kernel/tool.ts';

/** The header in which a stand-in hands on the key of its operation. */
export const KEY_HEADER = 'x-operation-key';

/** What a stand-in that acts in steps reads after its one step. */
export const AFTER_STEP = '-after-step';

/** The tool, its handler replaced; a declared tool as it is. */
export function withStandIn(tool: Tool, upstreamUrl: string): Tool {
  if (tool.handler === undefined) return tool;
  const actsInSteps = tool.policy.idempotency?.recovery === 'resume';
  return { ...tool, handler: actsInSteps ? standInWithSteps(upstreamUrl) : standIn(upstreamUrl) };
}

/** Answers with the body's `result`, or fails with the code that the body's `fail` names. */
function standIn(upstreamUrl: string): AnyHandler {
  return async (args, ctx) => (await act(upstreamUrl, args, ctx))['result'];
}

function standInWithSteps(upstreamUrl: string): AnyHandler {
  return async (args, ctx) => {
    const result = await ctx.step('act', async () => (await act(upstreamUrl, args, ctx))['result'] ?? null);
    await fetch(`${upstreamUrl}/${AFTER_STEP}`, { signal: ctx.signal });
    return result;
  };
}

async function act(upstreamUrl: string, args: JsonObject, ctx: ToolContext): Promise<{ readonly result?: JsonValue }> {
  const headers = ctx.idempotencyKey === undefined ? {} : { [KEY_HEADER]: ctx.idempotencyKey };
  const body = JSON.stringify(args);
  const response = await fetch(upstreamUrl, { method: 'POST', headers, body, signal: ctx.signal });
  // The loopback upstream answers with what the test told it: an object.
  const answer = (await response.json()) as JsonObject;
  if (typeof answer['fail'] === 'string') ctx.fail(answer['fail']);
  return answer;
}
