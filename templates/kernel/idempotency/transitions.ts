/**
 * What may become of an operation: one pure function per event, each giving the next state and the answer.
 * Every store applies these and nothing else, each in one transaction; so does the model checker.
 *
 *     PENDING ──yes──▶ APPROVED ──▶ CLAIMED        CLAIMED ──sent──▶ SENT ──outcome──▶ DONE
 *        └────no─────▶ DENIED                         │               ├── ambiguous, or lease expired ──▶ UNKNOWN ──▶ DONE
 *                                                     └───────────────┴── provably not executed ──▶ RELEASED
 *
 * An expired lease never means "run it again": a claim that was never sent is taken over, one that was sent
 * becomes UNKNOWN. From there a late outcome, a look-up or a person leads on, or the same request sent again
 * where that is safe.
 */
export { begin, peek } from './transitions/begin.ts';
export { decide, reclaim, resolve, settle } from './transitions/decide.ts';
export { asOf, isExpired, isInterrupted, type Charge, type Moment, type Step } from './transitions/moment.ts';
export { extendLease, lapse, markSent, recordOutcome, recordUnknown, release } from './transitions/progress.ts';
export { finishStep, startStep } from './transitions/steps.ts';
