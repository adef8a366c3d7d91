/** What the model checks: the transitions that every store applies. */
import * as transitions from '../../../templates/kernel/idempotency/transitions.ts';

export type Protocol = Omit<typeof transitions, 'isExpired' | 'resolve'>;

/** The protocol as it runs in every generated server. */
export const implemented: Protocol = transitions;
