/**
 * Operations in Redis or Valkey: for any number of processes on any number of machines. Every transition is decided
 * on what was read, and written by one script that changes nothing where somebody else was faster; the clock is the
 * server's. What Redis has confirmed it may still lose in a crash, unless it runs with `appendfsync always`.
 */
import type { Decide, Ledger } from './ledger.ts';
import { listPages, PAGE } from './list-pages.ts';
import { readOperation } from './operation-row.ts';
import { operationStore } from './operation-store.ts';
import type { Shelf } from './operation.ts';
import { openRedisConnection, type RedisConnection } from './redis-connection.ts';
import { DEFAULT_PREFIX } from './redis-place.ts';
import { listOf, readReply, rowOf, type Read } from './redis-reply.ts';
import * as scripts from './redis-scripts.ts';
import { replacing } from './redis-write.ts';
import { unavailable, type Entry, type ListQuery, type OperationStore } from './store.ts';

export interface RedisStoreOptions {
  /** `rediss://user:password@host:port`, or `redis://` without TLS. */
  readonly url: string;
  /** How long finished operations are remembered. */
  readonly retentionMs: number;
  /** Stands before every key. */
  readonly prefix?: string;
}

const ATTEMPTS = 20;

interface Dropping {
  readonly olderThanMs: number;
  readonly idPrefix?: string;
  readonly limit: number;
}

/** Opens the store, or throws `StoreUnavailable`: also where the server evicts what it has no room for. */
export async function openRedisStore(options: RedisStoreOptions): Promise<OperationStore> {
  const { url, retentionMs, prefix = DEFAULT_PREFIX } = options;
  return operationStore(redisLedger(await openRedisConnection(url, prefix), { retentionMs, prefix }));
}

function redisLedger(
  connection: RedisConnection,
  { retentionMs, prefix }: { readonly retentionMs: number; readonly prefix: string },
): Ledger {
  const now = async (): Promise<number> => Number(await connection.run(scripts.TIME, [], []));

  async function read(key: string): Promise<Read> {
    const reply = await connection.run(scripts.READ, [scripts.operationKey(key), 'fences', 'epoch'], []);
    return readReply(reply, retentionMs);
  }

  /** Decides on what was read, again if somebody else wrote in between. */
  async function change<Result>(key: string, decide: Decide<Result>, entry?: Entry): Promise<Result> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const seen = await read(key);
      const { next, result, charge = [], whenFull, refund = [] } = decide(seen.found, seen.at);
      if (next === undefined || next === seen.found) return result;
      const { isClaim, keys, values } = replacing(next, { seen, charge, refund, entry });
      const [fence, full] = listOf(await connection.run(scripts.REPLACE, keys, values)).map(Number);
      const fullCharge = fence === scripts.FULL ? charge[(full ?? 0) - 1] : undefined;
      if (fullCharge !== undefined && whenFull !== undefined) return whenFull(fullCharge);
      if (fence === undefined || fence < 0) continue;
      // Others may have claimed other keys since the moment was read; the decision to claim is the same.
      return isClaim ? decide(seen.found, { ...seen.at, lastFence: fence - 1 }).result : result;
    }
    throw unavailable('others kept changing the operation');
  }

  async function readPage({ shelf, idPrefix }: ListQuery, from: readonly string[]) {
    const asked = [prefix, idPrefix, ...from, String(PAGE)];
    const [next, found] = listOf(await connection.run(scripts.LIST, [scripts.shelfKey(shelf)], asked)).map(listOf);
    const operations = (found ?? []).map((fields) => readOperation(rowOf(fields) ?? {}));
    return { operations, next: next?.length === 0 ? undefined : next?.map(String) };
  }

  /** `idPrefix`: also operations whose ids begin so are removed; without it, only names of what is gone. */
  async function drop(shelf: Shelf, { olderThanMs, idPrefix, limit }: Dropping): Promise<number> {
    let dropped = 0;
    for (let skip = 0, isMore = true; isMore && dropped < limit;) {
      const count = Math.min(PAGE, limit - dropped);
      const asked = [prefix, ...[skip, count, olderThanMs].map(String), ...(idPrefix === undefined ? [] : [idPrefix])];
      const reply = listOf(await connection.run(scripts.DROP, [scripts.shelfKey(shelf)], asked)).map(Number);
      const [gone = 0, more] = reply;
      isMore = more === 1;
      skip += count - gone;
      dropped += gone;
    }
    return dropped;
  }

  return {
    change,
    async look(by) {
      if ('key' in by) return read(by.key);
      const key = await connection.get(scripts.idKey(by.id));
      const { found, at } = await read(key ?? '');
      // The key may have gone to another operation since.
      return { found: found?.id === by.id ? found : undefined, at };
    },
    list: (query) => listPages(query, { first: ['+inf', ''], read: (from) => readPage(query, from) }),
    // Redis itself removes what is finished, and questions; only their names are left on the shelf. Failures it keeps
    // for longer than may be asked for.
    async reap({ idPrefix, failedMs, limit }) {
      const questions = await drop('waiting', { olderThanMs: 0, limit });
      return questions + (await drop('failed', { olderThanMs: failedMs, idPrefix, limit: limit - questions }));
    },
    async entries(olderThanMs, idPrefix) {
      const asked = [String(olderThanMs), idPrefix];
      const told = listOf(await connection.run(scripts.ENTRIES, ['outbox', 'outbox-times'], asked));
      return told.flatMap((id, index) => (index % 2 === 0 ? [{ id: String(id), text: String(told[index + 1]) }] : []));
    },
    async removeEntries(ids) {
      if (ids.length > 0) await connection.run(scripts.REMOVE_ENTRIES, ['outbox', 'outbox-times'], ids);
    },
    async hold(held) {
      return { number: Number(await connection.run(scripts.HOLD, ['epoch'], [held ? '1' : '0'])), held };
    },
    now,
    ping: () => connection.check(),
    close: () => connection.close(),
  };
}
