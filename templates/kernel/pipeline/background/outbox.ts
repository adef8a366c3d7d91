/** Audit events that went on record with an outcome: out of the store once the sink has them, and not before. */
import type { AuditEvent, AuditSink } from '../../audit.ts';
import type { OperationStore } from '../../idempotency/store.ts';
import { entryId } from '../audit-entry.ts';

export interface Outbox {
  /** The sink has the event; its entry goes with the next round. */
  readonly delivered: (event: AuditEvent) => void;
  readonly flush: () => Promise<void>;
  /** Delivers what others left behind: after so long, whoever wrote it is gone. */
  readonly drain: () => Promise<void>;
}

export function createOutbox(about: {
  readonly store: OperationStore;
  readonly audit: AuditSink;
  /** What the ids of this server's operations begin with. */
  readonly idPrefix: string;
  readonly afterMs: number;
}): Outbox {
  const { store, audit, idPrefix, afterMs } = about;
  const delivered = new Set<string>();

  async function flush(): Promise<void> {
    const ids = [...delivered];
    if (ids.length === 0) return;
    await store.removeEntries(ids);
    for (const id of ids) delivered.delete(id);
  }

  return {
    delivered: (event) => void delivered.add(entryId(event)),
    flush,
    drain: async () => {
      await flush();
      const failed: unknown[] = [];
      for (const { id, text } of await store.entries(afterMs, idPrefix)) {
        try {
          // Only this server wrote the text.
          await audit.record(JSON.parse(text) as AuditEvent);
          delivered.add(id);
        } catch (error) {
          failed.push(error);
        }
      }
      await flush();
      if (failed.length > 0) throw failed[0];
    },
  };
}
