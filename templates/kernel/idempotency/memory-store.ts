/** Operations in memory: for tests. They end with the process; `memory.ts` refuses them in production. */
import type { Decide, Ledger } from './ledger.ts';
import { operationStore } from './operation-store.ts';
import { shelfOf, standsUntil, type Operation } from './operation.ts';
import type { Entry, Epoch, OperationStore } from './store.ts';
import type { Charge, Current, Moment } from './transitions/moment.ts';

export interface MemoryStoreOptions {
  readonly retentionMs: number;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

const ENTRIES = 100;

export function openMemoryStore(options: MemoryStoreOptions): OperationStore {
  return operationStore(memoryLedger(options));
}

function memoryLedger({ retentionMs, now = Date.now }: MemoryStoreOptions): Ledger {
  const operations = new Map<string, Operation>();
  const counters = new Map<string, { readonly count: number; readonly expiresAt: number }>();
  const outbox = new Map<string, Entry & { readonly at: number }>();
  let lastFence = 0;
  let epoch: Epoch = { number: 1, held: false };

  const moment = (): Moment => ({ now: now(), lastFence, retentionMs, held: epoch.held });
  const countOf = ({ counter }: Charge): number => counters.get(counter)?.count ?? 0;
  const byId = (id: string): Current => [...operations.values()].find((operation) => operation.id === id);

  function charge(charges: readonly Charge[]): void {
    for (const one of charges) counters.set(one.counter, { count: countOf(one) + 1, expiresAt: one.expiresAt });
  }

  function refund(names: readonly string[]): void {
    for (const name of names) {
      const counter = counters.get(name);
      if (counter !== undefined) counters.set(name, { ...counter, count: Math.max(counter.count - 1, 0) });
    }
  }

  return {
    async change<Result>(key: string, decide: Decide<Result>, entry?: Entry) {
      const before = operations.get(key);
      const step = decide(before, moment());
      const { next, result, charge: charges = [], whenFull, refund: refunds = [] } = step;
      if (next === undefined || next === before) return result;
      const full = charges.find((one) => countOf(one) >= one.limit);
      if (full !== undefined && whenFull !== undefined) return whenFull(full);
      operations.set(key, next);
      lastFence = Math.max(lastFence, next.fence);
      charge(charges);
      refund(refunds);
      if (entry !== undefined) outbox.set(entry.id, { ...entry, at: now() });
      return result;
    },
    async look(by) {
      return { found: 'key' in by ? operations.get(by.key) : byId(by.id), at: moment() };
    },
    async list({ shelf, idPrefix, wanted = () => true, limit }) {
      const found = [...operations.values()].filter(
        (operation) => shelfOf(operation) === shelf && operation.id.startsWith(idPrefix) && wanted(operation),
      );
      return found.sort((one, other) => other.updatedAt - one.updatedAt).slice(0, limit);
    },
    async reap({ idPrefix, finishedMs, failedMs, limit }) {
      const isOver = (operation: Operation): boolean => {
        const shelf = shelfOf(operation);
        if (shelf === 'open' || !operation.id.startsWith(idPrefix) || (standsUntil(operation) ?? 0) > now())
          return false;
        return operation.updatedAt + (shelf === 'failed' ? failedMs : finishedMs) <= now();
      };
      const over = [...operations.values()].filter(isOver).slice(0, limit);
      for (const { key } of over) operations.delete(key);
      for (const [name, { expiresAt }] of counters) if (expiresAt <= now()) counters.delete(name);
      return over.length;
    },
    async entries(olderThanMs, idPrefix) {
      const old = [...outbox.values()].filter(({ id, at }) => at + olderThanMs <= now() && id.startsWith(idPrefix));
      return old.slice(0, ENTRIES).map(({ id, text }) => ({ id, text }));
    },
    async removeEntries(ids) {
      for (const id of ids) outbox.delete(id);
    },
    async hold(held) {
      epoch = { number: epoch.number + (held ? 1 : 0), held };
      return epoch;
    },
    async now() {
      return now();
    },
    async ping() {},
    async close() {},
  };
}
