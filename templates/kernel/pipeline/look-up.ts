/** Reads back whether the effect of an operation exists. */
import type { Delegation } from '../delegation.ts';
import { evaluate, type Scope } from '../expression.ts';
import type { ErrorBody } from '../failure.ts';
import type { Lookup } from '../policy.ts';
import type { ToolValidators } from '../tool.ts';
import { upstreamsOf, type Kernel } from './call.ts';
import { conditionOf } from './condition.ts';
import { upstreamUnavailable } from './errors.ts';
import { shapeResult } from './shape-result.ts';

/** `result`: JSON text that fits the output schema; `null` where what was found does not. */
export type Found =
  | { readonly kind: 'found'; readonly result: string | null }
  | { readonly kind: 'not-found' }
  /** Nobody knows: the upstream gave no answer that says yes or no. */
  | { readonly kind: 'failed'; readonly error: ErrorBody };

const ABSENT: ReadonlySet<number> = new Set([404, 410]);

export async function lookUp(
  kernel: Kernel,
  lookup: Lookup,
  about: {
    readonly scope: Scope;
    readonly validators: ToolValidators;
    readonly delegation: Delegation | undefined;
    readonly signal: AbortSignal;
  },
): Promise<Found> {
  const { scope, validators, delegation, signal } = about;
  const { request } = lookup;
  const answer = await upstreamsOf(kernel).read({ request, scope, settings: kernel.settings, delegation, signal });
  if (answer.kind === 'failed') return answer;
  if (ABSENT.has(answer.status)) return { kind: 'not-found' };
  if (answer.status < 200 || answer.status > 299) return { kind: 'failed', error: upstreamUnavailable() };
  // An empty answer says neither yes nor no, whatever the condition makes of it.
  if (answer.body === undefined) return { kind: 'failed', error: upstreamUnavailable() };
  if (!conditionOf(validators, lookup.found)(answer.body)) return { kind: 'not-found' };
  const value = request.result === undefined ? answer.body : evaluate(request.result, { ...scope, response: answer });
  return { kind: 'found', result: shapeResult(value ?? null, validators.output) ?? null };
}
