/** Audit in a stream of the Redis that operations are kept in: no entry of a stream can be changed; those past their time are removed. */
import { STORE_URL } from '../config/store-url.ts';
import { openRedisConnection, type RedisConnection } from '../idempotency/redis-connection.ts';
import { locateRedis, prefixIn } from '../idempotency/redis-place.ts';
import { listOf, rowOf } from '../idempotency/redis-reply.ts';
import { TIME } from '../idempotency/redis-scripts.ts';
import type { AuditLog, AuditLogKind, KeptLine } from './audit-log.ts';

export const redisAudit: AuditLogKind = {
  variable: [`${STORE_URL} or ${STORE_URL}_FILE`, 'the Redis that audit is kept in'],
  locate: locateRedis,
  open: async (url, realm) => logIn(await openRedisConnection(url, prefixIn(url)), realm),
};

/** KEYS: stream. ARGV: process, number and line in turn. The stream's ids are the server's time. */
const APPEND = `
  for index = 1, #ARGV, 3 do
    redis.call('XADD', KEYS[1], '*', 'process', ARGV[index], 'sequence', ARGV[index + 1], 'line', ARGV[index + 2])
  end`;

/** KEYS: stream. ARGV: where to begin, how many at most. */
const PAGE = `return redis.call('XRANGE', KEYS[1], ARGV[1], '+', 'COUNT', ARGV[2])`;

/** KEYS: stream, ends. ARGV: the first id that is kept, then process, number and hash in turn. */
const REMOVE = `
  for index = 2, #ARGV, 3 do
    local before = redis.call('HGET', KEYS[2], ARGV[index])
    local sequence = tonumber(string.match(before or '0', '^%d+'))
    if tonumber(ARGV[index + 1]) > sequence then
      redis.call('HSET', KEYS[2], ARGV[index], ARGV[index + 1] .. ':' .. ARGV[index + 2])
    end
  end
  redis.call('XTRIM', KEYS[1], 'MINID', '=', ARGV[1])`;

const ENDS = `return redis.call('HGETALL', KEYS[1])`;

function logIn(connection: RedisConnection, realm: string): AuditLog {
  const [stream, ends] = [`audit:${realm}`, `audit-ends:${realm}`];
  return {
    append: async (lines) => {
      const values = lines.flatMap(({ process: name, sequence, line }) => [name, String(sequence), line]);
      await connection.run(APPEND, [stream], values);
    },
    page: async ({ after, since = 0, limit }) => {
      const reply = listOf(await connection.run(PAGE, [stream], [beginning(after, since), String(limit)]));
      return reply.map(lineOf);
    },
    remove: async (upTo, removed) => {
      const [ms = '', number = ''] = upTo.split('-');
      const told = [...removed].flatMap(([name, { sequence, hash }]) => [name, String(sequence), hash]);
      await connection.run(REMOVE, [stream, ends], [`${ms}-${BigInt(number) + 1n}`, ...told]);
    },
    ends: async () => {
      const told = listOf(await connection.run(ENDS, [ends], [])).map(String);
      const names = told.filter((_, index) => index % 2 === 0);
      return new Map(names.map((name, index) => [name, endOf(told[index * 2 + 1] ?? '')]));
    },
    now: async () => Number(await connection.run(TIME, [], [])),
    close: () => connection.close(),
  };
}

/** Of the two the later one. */
function beginning(after: string | undefined, since: number): string {
  return after !== undefined && Number(after.split('-')[0]) >= since ? `(${after}` : `${since}-0`;
}

function lineOf(entry: unknown): KeptLine {
  const [id, fields] = listOf(entry);
  const row = rowOf(fields) ?? {};
  const position = String(id);
  return {
    position,
    at: Number(position.split('-')[0]),
    process: String(row['process']),
    sequence: Number(row['sequence']),
    line: String(row['line']),
  };
}

function endOf(text: string): { readonly sequence: number; readonly hash: string } {
  const [sequence = '', hash = ''] = text.split(':');
  return { sequence: Number(sequence), hash };
}
