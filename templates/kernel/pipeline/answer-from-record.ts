/** What a call gets whose operation was asked for before, or may not begin. */
import type { BeginResult } from '../idempotency/claim.ts';
import type { Operation } from '../idempotency/operation.ts';
import type { Answer, CheckedCall } from './call.ts';
import {
  approvalDenied,
  approvalRequired,
  capExceeded,
  idempotencyConflict,
  inProgress,
  outcomeUnknown,
  Refusal,
  replayIncompatible,
  storeHeld,
} from './errors.ts';
import { shapeContent, shapeResult } from './shape-result.ts';

export type NotClaimed = Exclude<BeginResult, { readonly kind: 'claimed' }>;

/** A result is checked against what the tool returns today. Throws `Refusal`. */
export function answerFromRecord(begun: NotClaimed, { call, validators }: CheckedCall): Answer {
  const { operation } = begun;
  const { id } = operation;
  switch (begun.kind) {
    case 'conflict':
      throw new Refusal(idempotencyConflict(id));
    case 'in-progress':
      throw new Refusal(inProgress(id, begun.retryAfterMs));
    case 'unknown':
      throw new Refusal(outcomeUnknown(id));
    case 'held':
      throw new Refusal(storeHeld());
    case 'approval-required':
      return askFor(operation, call.ask);
    case 'denied':
      throw new Refusal(approvalDenied(id, operation.approval?.summary ?? ''));
    case 'cap-exceeded':
      throw new Refusal(capExceeded(operation.tool, aboutCap(begun)));
    case 'done':
      return replay(begun, validators.output);
  }
}

function replay(
  { operation, outcome }: Extract<BeginResult, { kind: 'done' }>,
  output: Parameters<typeof shapeResult>[1],
) {
  if (!outcome.ok) return { outcome, replayed: true };
  const shape = outcome.isContent ? shapeContent : shapeResult;
  const result = shape(JSON.parse(outcome.result), output);
  if (result === undefined) return { outcome: { ok: false, error: replayIncompatible(operation.id) } } as const;
  return { outcome: { ...outcome, result }, replayed: true };
}

function askFor({ id, key, fingerprint, approval }: Operation, ask: CheckedCall['call']['ask']): never {
  const { by = 'approver', scope = null, summary = '', expiresMs = 0 } = approval ?? {};
  if (by === 'caller') ask?.({ operationId: id, key, fingerprint, summary, expiresMs });
  throw new Refusal(approvalRequired(id, { summary, scope, wasAsked: ask !== undefined }));
}

const WINDOWS = { run: 'in one session', hour: 'in an hour', day: 'in a day' } as const;

function aboutCap({ cap, endsInMs }: Extract<BeginResult, { kind: 'cap-exceeded' }>) {
  return { limit: cap.limit, window: WINDOWS[cap.window], endsInMs };
}
