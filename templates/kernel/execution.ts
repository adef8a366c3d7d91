/** How executing a tool ended, before anything is recorded or replied. */
import type { ErrorBody } from './failure.ts';
import type { JsonValue } from './json.ts';

export type Execution =
  /** The effect happened, or the read was answered. */
  | { readonly kind: 'succeeded'; readonly result: JsonValue }
  /** Refused, and the upstream says that nothing happened. `terminal`: this refusal is the key's final answer. */
  | { readonly kind: 'rejected'; readonly error: ErrorBody; readonly terminal: boolean }
  /** Provably never reached the upstream. */
  | { readonly kind: 'not-sent'; readonly error: ErrorBody }
  /** It may have happened, or not. */
  | { readonly kind: 'ambiguous'; readonly error: ErrorBody };
