/** One operation: what the store keeps of a call that writes, from its claim to its outcome. */
import type { Outcome } from '../execution.ts';
import type { JsonObject, JsonValue } from '../json.ts';

export type OperationState =
  /** Somebody was asked for a yes. */
  | 'pending-approval'
  | 'approved'
  | 'denied'
  /** Under way, and nothing was sent. */
  | 'claimed'
  /** Under way, and something may have been sent. */
  | 'sent'
  | 'done'
  /** It may have happened, or not. */
  | 'unknown'
  /** It did not happen; the key is free. */
  | 'released';

export interface Operation {
  /** `op_…`: what people and `get_operation_status` name it by. */
  readonly id: string;
  /** SHA-256, hex: which effect is meant, by whom, where. */
  readonly key: string;
  /** SHA-256, hex, of all arguments: tells a repeat from another call under the same key. */
  readonly fingerprint: string;
  readonly tool: string;
  readonly subject: string;
  readonly tenant: string | null;
  readonly asked: Asked;
  readonly state: OperationState;
  /** Grows with every claim; only the holder of the current fence may move the operation on. */
  readonly fence: number;
  /** Milliseconds since the epoch, by the store's clock. */
  readonly leaseUntil: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly outcome: Outcome | null;
  /** An earlier attempt, whose claim was taken over, may have been executed. */
  readonly inDoubt: boolean;
  /** When something first may have been sent, and the SHA-256 of what that was; a resend has to be the same. */
  readonly firstSent: FirstSent | null;
  /** Counters of caps that it was charged to. */
  readonly charges: readonly string[];
  readonly approval: Approval | null;
  /** Results of the finished steps of a handler. */
  readonly steps: Readonly<Record<string, JsonValue>>;
  /** The step under way. */
  readonly step: string | null;
  /** The operator who said what had happened. */
  readonly resolvedBy: string | null;
}

/** What was asked for, as people may see it. */
export interface Asked {
  /** Validated; values of sensitive fields are hashed. */
  readonly arguments: JsonObject;
  /** Nothing is hashed, so that the request can be made from it again. */
  readonly complete: boolean;
}

export interface FirstSent {
  readonly at: number;
  readonly digest: string | null;
}

/** A question to a person, and the answer. */
export interface Approval {
  readonly by: 'caller' | 'approver';
  /** What an approver holds. */
  readonly scope: string | null;
  readonly summary: string;
  /** How long question and answer stand, in milliseconds. */
  readonly expiresMs: number;
  readonly expiresAt: number;
  /** Who said yes or no. */
  readonly decidedBy: string | null;
}

/** Where people look for an operation: what waits for a yes, what is not finished, what failed for good. */
export type Shelf = 'waiting' | 'open' | 'failed';

export function shelfOf(operation: Operation): Shelf | null {
  const { state, outcome } = operation;
  switch (state) {
    case 'pending-approval':
      return 'waiting';
    case 'claimed':
    case 'sent':
    case 'unknown':
      return 'open';
    case 'done':
      return isWell(outcome) ? null : 'failed';
    case 'released':
      return hasSteps(operation) ? 'open' : null;
    case 'approved':
    case 'denied':
      return null;
  }
}

/** A part of its effect happened: what is left to do belongs to that. */
export function hasSteps({ steps }: Pick<Operation, 'steps'>): boolean {
  return Object.keys(steps).length > 0;
}

/** It was executed, and merely its result is not on record: nobody has to look. */
const NOT_KEPT: ReadonlySet<string> = new Set(['RESULT_OMITTED', 'RESULT_UNRECORDED']);

function isWell(outcome: Outcome | null): boolean {
  if (outcome === null) return false;
  return outcome.ok || (outcome.error.executed === 'yes' && NOT_KEPT.has(outcome.error.code));
}

/** When a question or its answer is over, by the store's clock; `null` for all that is neither. */
export function standsUntil({ state, approval }: Operation): number | null {
  const isQuestion = state === 'pending-approval' || state === 'approved' || state === 'denied';
  return isQuestion ? (approval?.expiresAt ?? null) : null;
}
