/**
 * What a call that writes goes through once it is authorized, in order. The numbers are those of the call
 * protocol. Only a server with tools that write has this file, and only this part of it has the store.
 */
import type { OperationStore, StoreKind } from '../idempotency/store.ts';
import { openDesk } from '../operations/open-desk.ts';
import type { WritePart } from '../settings.ts';
import { answerFromRecord } from './answer-from-record.ts';
import { auditEvent, verdictOf } from './audit-call.ts';
import { startBackground, type Background } from './background/background.ts';
import { beginWrite, type Begun, type Write } from './begin-write.ts';
import type { Answer, WritePath } from './call.ts';
import { orRefuse } from './claim-operation.ts';
import { instantNow } from './elapsed.ts';
import { executeClaimed } from './execute-claimed.ts';
import { operationStatus } from './operation-status.ts';
import { findOut } from './recover.ts';
import { remainingTime } from './remaining-time.ts';

/** Writes whose operations are kept in a store of this kind. */
export function writesOn(kind: StoreKind): WritePart {
  return {
    ...kind,
    open: async (address, retentionMs, { now } = {}) => {
      const store = await kind.open(address, retentionMs);
      return writePath(now === undefined ? store : { ...store, now }, retentionMs);
    },
  };
}

/** `retentionMs`: how long finished operations are kept. */
export function writePath(store: OperationStore, retentionMs: number): WritePath {
  let background: Background | undefined;
  return {
    write: (checked, policy) => write({ ...checked, store, policy }),
    tools: [operationStatus(store)],
    start: (kernel) => {
      background = startBackground(kernel, { store, retentionMs });
    },
    delivered: (event) => background?.delivered(event),
    operations: (options) => openDesk(store, options),
    ping: () => store.ping(),
    close: async () => {
      await background?.close();
      await store.close();
    },
  };
}

async function write(context: Write): Promise<Answer> {
  const since = instantNow();
  const { effect, result: begun } = await begin(context); // 7, 8, 9
  const { kernel, call, trail } = context;
  trail.operationId = begun.operation.id;
  if (begun.kind !== 'claimed') return answerFromRecord(begun, context);
  return executeClaimed(context, {
    operation: begun.operation,
    args: effect.args,
    since,
    describe: (answer) => (trail.event = auditEvent(kernel, call, trail, verdictOf(answer))),
  }); // 10 to 14
}

/** What nobody knows is found out first, where the tool says how. */
async function begin(context: Write): Promise<Begun> {
  const begun = await beginWrite(context);
  if (begun.result.kind !== 'unknown') return begun;
  const { kernel, loaded, validators, call, store } = context;
  const { operation } = begun.result;
  const recovery = { kernel, tool: loaded.tool, validators, store, signal: remainingTime(context) };
  const { caller: principal, delegation } = call;
  await orRefuse(() => findOut(recovery, { operation, args: begun.effect.args, principal, delegation }));
  // Whether or not that found it out, somebody else may have meanwhile.
  return beginWrite(context);
}
