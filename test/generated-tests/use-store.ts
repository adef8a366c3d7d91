/** Everything that a server asks of its store, once: for tests of what its role has to be allowed. */
import type { AuditLog } from '../../templates/kernel/audit-store/audit-log.ts';
import type { OperationStore } from '../../templates/kernel/idempotency/store.ts';
import { claim, send } from '../kernel/idempotency/conformance/subject.ts';
import { claimOf, succeeded } from '../kernel/idempotency/samples.ts';

const KEEP = { idPrefix: 'op_', finishedMs: 0, failedMs: 0, limit: 100 };
const CAPS = [{ counter: 'refunds/run', window: 'hour', limit: 100 }] as const;

/** Throws where something is refused. `round`: its operations meet those of no other. */
export async function useStore(store: OperationStore, round: string): Promise<void> {
  const entry = { id: `op_entry-${round}`, text: '{}' };
  await store.ping();
  await store.now();

  const done = await send(store, { key: `${round}-done`, caps: CAPS });
  await store.recordOutcome(done, succeeded, entry);
  await store.begin(claimOf({ key: done.key, caps: CAPS }));
  await store.findById(done.id);
  await store.entries(0, 'op_');
  await store.removeEntries([entry.id]);

  const free = await claim(store, { key: `${round}-free`, caps: CAPS });
  await store.release(free);
  const doubted = await send(store, { key: `${round}-doubt` });
  await store.recordUnknown(doubted);
  await store.list({ shelf: 'open', idPrefix: 'op_', limit: 10 });
  await store.resolve({ id: doubted.id, outcome: null, by: 'grace' });
  await store.reap(KEEP);
}

/** Throws where something is refused; closes the log. */
export async function useAudit(log: AuditLog, round: string): Promise<void> {
  try {
    await log.now();
    for (const sequence of [1, 2]) {
      await log.append([{ process: round, sequence, line: '{}' }]);
      const [line] = await log.page({ limit: 1 });
      await log.remove(line?.position ?? '', new Map([[round, { sequence, hash: 'hash' }]]));
    }
    await log.ends();
  } finally {
    await log.close();
  }
}
