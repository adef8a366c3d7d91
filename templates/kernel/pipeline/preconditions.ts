/** Step 8: what has to hold before a call is executed, read from the upstream each time. */
import { isDeepStrictEqual } from 'node:util';

import { renderMessage } from '../declared-error.ts';
import { evaluate, fill, type Scope } from '../expression.ts';
import { failure } from '../failure.ts';
import type { Precondition, Requirement, ToolValidators } from '../tool.ts';
import { upstreamsOf, type CheckedCall } from './call.ts';
import { conditionOf } from './condition.ts';
import { Refusal, upstreamUnavailable } from './errors.ts';

/** Throws `Refusal` with the first that does not hold, or that cannot be read. */
export async function requirePreconditions(checked: CheckedCall, scope: Scope, signal: AbortSignal): Promise<void> {
  for (const precondition of checked.loaded.tool.preconditions ?? []) {
    // One after the other, in the manifest's order: the first that fails is what the caller is told.
    await requirePrecondition(checked, { precondition, scope, signal });
  }
}

async function requirePrecondition(
  { kernel, call: { delegation }, validators }: CheckedCall,
  about: { readonly precondition: Precondition; readonly scope: Scope; readonly signal: AbortSignal },
): Promise<void> {
  const { precondition, scope, signal } = about;
  const { request, code, message, suggestedAction } = precondition;
  const answer = await upstreamsOf(kernel).read({ request, scope, settings: kernel.settings, delegation, signal });
  if (answer.kind === 'failed') throw new Refusal(answer.error);
  if (!tellsState(answer.status)) throw new Refusal(upstreamUnavailable());
  const answered = { ...scope, response: answer };
  if (precondition.require.every((requirement) => isMet(requirement, answered, validators))) return;
  const text = renderMessage(message, answered);
  throw new Refusal(failure({ code, category: 'failed_precondition', message: text }, { suggestedAction }));
}

/** Refusals that are about who asks, how often or when, whatever the state is that was asked for. */
const SAYS_NOTHING: ReadonlySet<number> = new Set([401, 403, 407, 408, 421, 425, 429]);

function tellsState(status: number): boolean {
  return (status >= 200 && status < 300) || (status >= 400 && status < 500 && !SAYS_NOTHING.has(status));
}

function isMet(requirement: Requirement, scope: Scope, validators: ToolValidators): boolean {
  const value = evaluate(requirement.value, scope);
  if ('matches' in requirement) return value !== undefined && conditionOf(validators, requirement.matches)(value);
  return value !== undefined && isDeepStrictEqual(value, fill(requirement.equals, scope));
}
