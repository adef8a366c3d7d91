/** The operators' desk over a store: who may see and do what, and what the store is asked for. */
import { shelfOf, type Operation, type Shelf } from '../idempotency/operation.ts';
import type { DecideResult, OperationStore } from '../idempotency/store.ts';
import { asOf, isInterrupted } from '../idempotency/transitions.ts';
import { GRACE_MS } from '../pipeline/background/reaper.ts';
import type { Refusal } from '../pipeline/errors.ts';
import { idPrefixOf, isOfRealm, realmOf } from '../pipeline/operation-id.ts';
import { mayKnowOf, requireApprover, requireToAct, requireToActForAll, requireToLook } from './access.ts';
import { audited, orRefuse } from './audited.ts';
import { LISTED, type DeskOptions, type Listed, type OperationsDesk, type Operator } from './desk.ts';
import { outcomeFrom } from './finding.ts';
import { askedInClient, noSuchOperation, notPending, notUnknown, ownRequest } from './refusals.ts';
import { isWaiting, viewOf } from './view.ts';

/** At most so many of a kind are told. */
const MOST_LISTED = 1_000;
const PURGED_AT_ONCE = 1_000;

const SHELVES = { unknown: 'open', 'pending-approval': 'waiting', failed: 'failed' } as const satisfies Record<
  Listed,
  Shelf
>;

export function openDesk(store: OperationStore, { server, environment, audit, log }: DeskOptions): OperationsDesk {
  const realm = realmOf(server.name, environment);
  const at = { store, audit, log };

  async function find(operator: Operator, id: string): Promise<Operation | undefined> {
    const operation = isOfRealm(id, realm) ? await orRefuse(() => store.findById(id)) : undefined;
    return operation !== undefined && mayKnowOf(operator, operation) ? operation : undefined;
  }

  function aboutOne(operator: Operator, id: string) {
    return { id, find: () => find(operator, id) };
  }

  async function show(operator: Operator, id: string) {
    const operation = await find(operator, id);
    if (operation === undefined) throw noSuchOperation();
    return viewOf(operation, await orRefuse(() => store.now()));
  }

  async function listKind(operator: Operator, kind: Listed, now: number) {
    // What is not told must not crowd out what is: others' operations, and those under way.
    const wanted = (operation: Operation) => isKind(asOf(operation, now), kind, now) && mayKnowOf(operator, operation);
    const asked = { shelf: SHELVES[kind], idPrefix: idPrefixOf(realm), wanted, limit: MOST_LISTED };
    const operations = await store.list(asked);
    return { operations, more: operations.length === MOST_LISTED };
  }

  return {
    async list(operator, kinds) {
      requireToLook(server, operator);
      return orRefuse(async () => {
        const now = await store.now();
        const lists = await Promise.all(
          LISTED.filter((kind) => kinds.includes(kind)).map((kind) => listKind(operator, kind, now)),
        );
        return {
          operations: lists.flatMap(({ operations }) => operations.map((operation) => viewOf(operation, now))),
          more: lists.some(({ more }) => more),
        };
      });
    },
    async show(operator, id) {
      requireToLook(server, operator);
      return show(operator, id);
    },
    async decide(operator, id, { approve }) {
      const decision = approve ? 'approved' : 'denied';
      const act = { event: 'operation_decided', decision, operator, about: aboutOne(operator, id) } as const;
      await audited(at, act, async (entry, operation) => {
        const asked = requireApprover(operator, operation);
        const by = operator.caller.subject;
        const result = await store.decide({ id, approve, by, entry });
        if (result === 'decided') return;
        const { state } = (await find(operator, id)) ?? asked;
        throw refusalOf(result, { by, state });
      });
      return show(operator, id);
    },
    async resolve(operator, id, finding) {
      const decision = finding.executed ? 'resolved_as_executed' : 'resolved_as_not_executed';
      const act = { event: 'operation_resolved', decision, operator, about: aboutOne(operator, id) } as const;
      await audited(at, act, async (entry, operation) => {
        requireToAct(server, operator);
        if (operation === undefined) throw noSuchOperation();
        const outcome = await outcomeFrom(server, operation, finding);
        const result = await store.resolve({ id, outcome, by: operator.caller.subject, entry });
        if (result === 'not-found') throw noSuchOperation();
        if (result === 'not-unknown') throw notUnknown(((await find(operator, id)) ?? operation).state);
      });
      return show(operator, id);
    },
    purge: (operator) =>
      audited(at, { event: 'operations_purged', decision: 'purged', operator }, async () => {
        requireToActForAll(server, operator);
        return purge(store, idPrefixOf(realm), server.retentionMs + GRACE_MS);
      }),
    hold: (operator, held) =>
      audited(at, { event: 'store_held', decision: held ? 'held' : 'hold_released', operator }, async () => {
        requireToAct(server, operator);
        await store.hold(held);
      }),
  };
}

function refusalOf(
  result: Exclude<DecideResult, 'decided'>,
  { by, state }: { readonly by: string; readonly state: string },
): Refusal {
  switch (result) {
    case 'own':
      return ownRequest(by);
    case 'by-caller':
      return askedInClient();
    case 'not-found':
      return noSuchOperation();
    case 'not-pending':
      return notPending(state);
  }
}

function isKind(operation: Operation, kind: Listed, now: number): boolean {
  switch (kind) {
    case 'unknown':
      return operation.state === 'unknown' || isInterrupted(operation, now);
    case 'pending-approval':
      return isWaiting(operation, now);
    case 'failed':
      return shelfOf(operation) === 'failed';
  }
}

async function purge(store: OperationStore, idPrefix: string, keepMs: number): Promise<number> {
  const keep = { idPrefix, finishedMs: keepMs, failedMs: keepMs, limit: PURGED_AT_ONCE };
  let removed = 0;
  for (;;) {
    const more = await store.reap(keep);
    if (more === 0) return removed;
    removed += more;
  }
}
