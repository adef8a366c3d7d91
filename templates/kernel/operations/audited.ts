/** Whatever an operator does, or tries, is audited: on record together with the change, and then in the audit sink. */
import { randomUUID } from 'node:crypto';

import type { OperatorEvent } from '../audit.ts';
import type { Operation } from '../idempotency/operation.ts';
import { StoreUnavailable, type Entry, type OperationStore } from '../idempotency/store.ts';
import { entryId, entryOf } from '../pipeline/audit-entry.ts';
import { Refusal } from '../pipeline/errors.ts';
import type { DeskOptions, Operator } from './desk.ts';
import { storeAway } from './refusals.ts';

export interface Act extends Pick<OperatorEvent, 'event' | 'decision'> {
  readonly operator: Operator;
  /** The id as it was given, and how the operation is found where there is one. */
  readonly about?: { readonly id: string; readonly find: () => Promise<Operation | undefined> };
}

export interface Audited extends Pick<DeskOptions, 'audit' | 'log'> {
  readonly store: OperationStore;
}

/** `work` gets the operation, and the entry to be written together with what it changes. Throws `Refusal`. */
export async function audited<Result>(
  { store, audit, log }: Audited,
  act: Act,
  work: (entry: Entry, operation: Operation | undefined) => Promise<Result>,
): Promise<Result> {
  let event = eventOf(act);

  async function deliver(told: OperatorEvent): Promise<boolean> {
    try {
      await audit.record(told);
      return true;
    } catch (error) {
      log.error('An audit event was not delivered', { event_id: told.event_id }, error);
      return false;
    }
  }

  let result: Result;
  try {
    result = await orRefuse(async () => {
      const operation = await act.about?.find();
      if (operation !== undefined) event = { ...event, tool: operation.tool, requested_by: operation.subject };
      return work(entryOf(event), operation);
    });
  } catch (error) {
    if (error instanceof Refusal) await deliver({ ...event, decision: 'refused', code: error.body.code });
    throw error;
  }
  // What could not be delivered stays on record, from where the server delivers it later.
  if (await deliver(event)) await store.removeEntries([entryId(event)]).catch(() => {});
  return result;
}

export async function orRefuse<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof StoreUnavailable) throw storeAway();
    throw error;
  }
}

const LONGEST_ID = 64;

function eventOf({ event, decision, operator: { caller, over }, about }: Act): OperatorEvent {
  const { subject, tenant } = caller;
  return {
    time: new Date().toISOString(),
    event,
    event_id: randomUUID(),
    ...(about !== undefined && { operation_id: about.id.slice(0, LONGEST_ID) }),
    subject,
    ...(tenant !== undefined && { tenant }),
    over,
    decision,
  };
}
