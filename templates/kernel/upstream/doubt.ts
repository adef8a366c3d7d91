/** What may have happened already, and what settles whether it did. */
import type { Execution } from '../execution.ts';
import type { Policy } from '../policy.ts';

/**
 * What sending a request a second time does.
 * - `read`: nothing.
 * - `set-again`: sets the same value again.
 * - `keyed`: nothing, because the upstream has one effect for each key, and every attempt carries the same.
 * - `twice`: it may have its effect a second time. Once it was sent, it is never sent again.
 */
export type Repetition = 'read' | 'set-again' | 'keyed' | 'twice';

export function repetitionOf({ mutability, idempotency }: Pick<Policy, 'mutability' | 'idempotency'>): Repetition {
  if (mutability === 'read-only') return 'read';
  switch (idempotency?.recovery) {
    case 'send-again':
      return 'set-again';
    case 'resend':
      return 'keyed';
    default:
      return 'twice';
  }
}

/**
 * What two attempts came to that sent the same request.
 *
 * | the earlier   | the later                            | together    |
 * | ------------- | ------------------------------------ | ----------- |
 * | ambiguous     | succeeded                            | the later   |
 * | ambiguous     | rejected, and executed all the same  | the later   |
 * | ambiguous     | rejected, and `certain`              | the later   |
 * | ambiguous     | rejected otherwise                   | the earlier |
 * | ambiguous     | not sent                             | the earlier |
 * | ambiguous     | ambiguous                            | the earlier |
 * | anything else | anything                             | the later   |
 */
export function combine(earlier: Execution | undefined, later: Execution): Execution {
  return earlier?.kind === 'ambiguous' && !settlesDoubt(later) ? earlier : later;
}

/** Whether this also says what an earlier attempt did that nobody heard of. */
export function settlesDoubt(later: Execution): boolean {
  switch (later.kind) {
    case 'succeeded':
      return true;
    case 'rejected':
      return later.error.executed === 'yes' || later.certain === true;
    case 'not-sent':
    case 'ambiguous':
      return false;
  }
}

/** Decided before the upstream looks at the key, or said while it is still busy with an earlier request under it. */
const SAYS_NOTHING_OF_THE_KEY: ReadonlySet<number> = new Set([401, 403, 407, 408, 409, 421, 423, 425, 429]);

/** Whether a refusal with this status is the upstream's word on the key, whichever attempt it hears of first. */
export function isWordOnKey(status: number): boolean {
  return status < 300 || (status >= 400 && status < 500 && !SAYS_NOTHING_OF_THE_KEY.has(status));
}
