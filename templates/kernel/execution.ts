/** How executing a tool ended, and what a call answers in the end. */
import type { ErrorBody } from './failure.ts';
import type { JsonValue } from './json.ts';

/** Before anything is recorded or replied. */
export type Execution<Result = JsonValue> =
  /** The effect happened, or the read was answered. `isContent`: the result is a list of blocks of content. */
  | { readonly kind: 'succeeded'; readonly result: Result; readonly isContent?: true }
  /**
   * Refused, and the upstream says that nothing happened. `terminal`: this refusal is the key's final answer.
   * `certain`: no earlier attempt under the same key had an effect either, not even one of another server.
   */
  | {
      readonly kind: 'rejected';
      readonly error: ErrorBody;
      readonly terminal: boolean;
      readonly certain?: boolean;
      /** Of the steps before it, which had their effects, this is not said. */
      readonly isPartly?: true;
    }
  /** Provably never reached the upstream. */
  | { readonly kind: 'not-sent'; readonly error: ErrorBody }
  /** It may have happened, or not. */
  | { readonly kind: 'ambiguous'; readonly error: ErrorBody };

/** What a call answers; of a write it is kept, so that a repeat gets the same bytes. */
export type Outcome =
  /** `result`: JSON text, stripped to the output schema. `isContent`: of a list of blocks of content. */
  | { readonly ok: true; readonly result: string; readonly isContent?: true }
  | { readonly ok: false; readonly error: ErrorBody };

export function outcomeOf(execution: Execution<string>): Outcome {
  if (execution.kind !== 'succeeded') return { ok: false, error: execution.error };
  const { result, isContent } = execution;
  return { ok: true, result, ...(isContent && { isContent }) };
}
