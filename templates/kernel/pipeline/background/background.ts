/** What goes on beside the calls: what is UNKNOWN is found out, what is over goes, audit that was lost is delivered. */
import type { AuditEvent } from '../../audit.ts';
import type { OperationStore } from '../../idempotency/store.ts';
import type { Kernel } from '../call.ts';
import { idPrefixOf } from '../operation-id.ts';
import { createOutbox } from './outbox.ts';
import { createReaper } from './reaper.ts';
import { createReconciler } from './reconciler.ts';
import { repeat } from './repeat.ts';

export interface Background {
  /** The event is with the audit sink. */
  delivered(event: AuditEvent): void;
  /** Ends when nothing is under way any more. */
  close(): Promise<void>;
}

const LONGEST_PAUSE_MS = 10_000;

/** Any number of servers may do this on one store: every step is one that only one of them can take. */
export function startBackground(
  kernel: Kernel,
  { store, retentionMs }: { readonly store: OperationStore; readonly retentionMs: number },
): Background {
  const { settings, log } = kernel;
  const idPrefix = idPrefixOf(kernel.realm);
  const outbox = createOutbox({ store, audit: kernel.audit, idPrefix, afterMs: settings.leaseMs });
  const pauseMs = Math.min(settings.leaseMs / 2, LONGEST_PAUSE_MS);
  const onError = (error: unknown): void =>
    log.warn('Background work was cut short, and goes on in its next round', {}, error);
  const jobs = [
    repeat(outbox.drain, { pauseMs, onError }),
    repeat(createReaper(store, { idPrefix, retentionMs }), { pauseMs: 60_000, onError }),
    // What may be sent again is sent only by a server whose writes are on.
    ...(settings.writes ? [repeat(createReconciler(kernel, store), { pauseMs, onError })] : []),
  ];
  return {
    delivered: outbox.delivered,
    close: async () => {
      await Promise.all(jobs.map((job) => job.stop()));
      await outbox.flush().catch(onError);
    },
  };
}
