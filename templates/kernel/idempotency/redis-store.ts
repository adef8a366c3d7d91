import { readOperation, writeOperation } from './operation-row.ts';
/**
 * Operations in Redis or Valkey: for any number of processes on any number of machines. Every transition is decided
 * on what was read, and written by one script that changes nothing where somebody else was faster; the clock is the
 * server's. What Redis has confirmed it may still lose in a crash, unless it runs with `appendfsync always`.
 */
import type { Operation } from './operation.ts';
import { openRedisConnection } from './redis-connection.ts';
import { unavailable, type OperationStore } from './store.ts';
import * as transitions from './transitions.ts';
import type { Moment, Step } from './transitions.ts';

export interface RedisStoreOptions {
  /** `rediss://user:password@host:port`, or `redis://` without TLS. */
  readonly url: string;
  /** How long finished operations are remembered. */
  readonly retentionMs: number;
  /** Stands before every key. The braces keep all keys on one node of a cluster. */
  readonly prefix?: string;
}

const ATTEMPTS = 20;
/** Finished operations outlive their retention a little; what is not finished has no end. */
const GRACE_MS = 3_600_000;
const NO_END = '0';

/** Answers the server's time, the highest fence given, and the fields and values of the operation. */
const READ = `
  local time = redis.call('TIME')
  return {
    time[1] * 1000 + math.floor(time[2] / 1000),
    redis.call('GET', KEYS[2]) or '0',
    redis.call('HGETALL', KEYS[1])
  }`;

const TIME = `return redis.call('TIME')`;

/**
 * Writes the operation if it still stands as it was read; answers its fence, a new one where it was claimed, or 0.
 * State and fence tell any two versions apart: no fence is given twice, and no state comes back under one fence.
 * Where memory is used up, the first command is refused: no claim is made, but what was claimed may still finish.
 */
const REPLACE = `
  local version, claims, lifetime = ARGV[1], ARGV[2], tonumber(ARGV[3])
  local stands = redis.call('HMGET', KEYS[1], 'state', 'fence')
  if (stands[1] or '') .. ' ' .. (stands[2] or '') ~= version then return 0 end
  local claimed = claims == 'yes' and redis.call('INCR', KEYS[2])
  redis.call('DEL', KEYS[1])
  redis.call('HSET', KEYS[1], unpack(ARGV, 4))
  if claimed then redis.call('HSET', KEYS[1], 'fence', claimed) end
  redis.call('SET', KEYS[3], redis.call('HGET', KEYS[1], 'key'))
  if lifetime > 0 then
    redis.call('PEXPIRE', KEYS[1], lifetime)
    redis.call('PEXPIRE', KEYS[3], lifetime)
  end
  return tonumber(redis.call('HGET', KEYS[1], 'fence'))`;

/** Opens the store, or throws `StoreUnavailable`: also where the server evicts what it has no room for. */
export async function openRedisStore(options: RedisStoreOptions): Promise<OperationStore> {
  const { url, retentionMs, prefix = '{hardened-mcp}:' } = options;
  const connection = await openRedisConnection(url, prefix);

  async function read(key: string) {
    const reply = await connection.run(READ, [operationKey(key), 'fences'], []);
    const [now, lastFence, fields] = listOf(reply);
    const row = rowOf(listOf(fields).map(String));
    return {
      before: row && readOperation(row),
      version: `${row?.['state'] ?? ''} ${row?.['fence'] ?? ''}`,
      at: { now: Number(now), lastFence: Number(lastFence), retentionMs },
    };
  }

  /** Decides on what was read, again if somebody else wrote in between. */
  async function apply<Result>(
    key: string,
    event: (current: Operation | undefined, at: Moment) => Step<Operation | undefined, Result>,
  ): Promise<Result> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const { before, version, at } = await read(key);
      const { next, result } = event(before, at);
      if (next === undefined || next === before) return result;
      const claims = next.state === 'claimed';
      const fence = await replace(next, version, claims);
      // Others may have claimed other keys since the moment was read; the decision to claim is the same.
      if (fence > 0) return claims ? event(before, { ...at, lastFence: fence - 1 }).result : result;
    }
    throw unavailable('others kept changing the operation');
  }

  async function replace(operation: Operation, version: string, claims: boolean): Promise<number> {
    const isFinished = operation.state === 'done' || operation.state === 'released';
    const fields = Object.entries(writeOperation(operation)).filter(([, value]) => value !== null);
    const fence = await connection.run(
      REPLACE,
      [operationKey(operation.key), 'fences', idKey(operation.id)],
      [version, claims ? 'yes' : 'no', isFinished ? `${retentionMs + GRACE_MS}` : NO_END, ...fields.flat().map(String)],
    );
    return Number(fence);
  }

  return {
    async begin(claim) {
      return apply(claim.key, (before, at) => transitions.begin(before, claim, at));
    },
    async peek(claim) {
      const { before, at } = await read(claim.key);
      const { result } = transitions.begin(before, claim, at);
      return result.kind === 'claimed' ? undefined : result;
    },
    async markSent(claimed) {
      return apply(claimed.key, (before, { now }) => transitions.markSent(before, claimed, now));
    },
    async recordOutcome(claimed, outcome) {
      return apply(claimed.key, (before, { now }) => transitions.recordOutcome(before, { claimed, outcome }, now));
    },
    async release(claimed) {
      await apply(claimed.key, (before, { now }) => transitions.release(before, claimed, now));
    },
    async recordUnknown(claimed) {
      await apply(claimed.key, (before, { now }) => transitions.recordUnknown(before, claimed, now));
    },
    async findById(id) {
      const key = await connection.get(idKey(id));
      if (key === null) return undefined;
      const { before, at } = await read(key);
      // The key may have gone to another operation since.
      return before?.id === id ? transitions.asOf(before, at.now) : undefined;
    },
    async now() {
      const [seconds, microseconds] = listOf(await connection.run(TIME, [], []));
      return Number(seconds) * 1000 + Math.floor(Number(microseconds) / 1000);
    },
    async ping() {
      await connection.check();
    },
    async close() {
      await connection.close();
    },
  };
}

function operationKey(key: string): string {
  return `operation:${key}`;
}

function idKey(id: string): string {
  return `id:${id}`;
}

/** Fields and values in turn → the row; absent where there are none. */
function rowOf(fields: readonly string[]): Record<string, unknown> | undefined {
  if (fields.length === 0) return undefined;
  const row: Record<string, unknown> = { tenant: null };
  for (let index = 0; index < fields.length; index += 2) row[fields[index] ?? ''] = fields[index + 1];
  return row;
}

function listOf(reply: unknown): readonly unknown[] {
  if (!Array.isArray(reply)) throw unavailable('it does not answer as Redis does');
  return reply;
}
