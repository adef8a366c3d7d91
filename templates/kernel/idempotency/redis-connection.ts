/** One connection to Redis or Valkey: bounded in time, and refused where the server may forget. */
import { createClient } from 'redis';

import { StoreUnavailable, unavailable } from './store.ts';

export interface RedisConnection {
  /** Runs a Lua script, which nothing else can come between. */
  run(script: string, keys: readonly string[], values: readonly string[]): Promise<unknown>;
  get(key: string): Promise<string | null>;
  /** Throws where the server does not answer, takes no writes, or may evict what was recorded. */
  check(): Promise<void>;
  close(): Promise<void>;
}

const CONNECT_TIMEOUT_MS = 2_000;
const COMMAND_TIMEOUT_MS = 5_000;
const LONGEST_PAUSE_MS = 1_000;

/** `prefix` stands before every key. Throws `StoreUnavailable`, as every method does. */
export async function openRedisConnection(url: string, prefix: string): Promise<RedisConnection> {
  if (!URL.canParse(url) || !/^rediss?:$/.test(new URL(url).protocol)) {
    throw unavailable('its URL does not read rediss://user:password@host:port');
  }
  const client = createClient({
    url,
    keyPrefix: prefix,
    // A command that waited for the connection to come back would be answered to nobody.
    disableOfflineQueue: true,
    socket: {
      connectTimeout: CONNECT_TIMEOUT_MS,
      reconnectStrategy: (retries, cause) => (wasReady ? Math.min(2 ** retries * 10, LONGEST_PAUSE_MS) : cause),
    },
  });
  let wasReady = false;
  // Whoever sends the next command hears of it then.
  client.on('error', () => {});

  const connection: RedisConnection = {
    run: (script, keys, values) =>
      orUnavailable(() => client.eval(script, { keys: [...keys], arguments: [...values] })),
    get: (key) => orUnavailable(() => client.get(key)),
    check: () =>
      orUnavailable(async () => {
        refuseEviction(await client.info('memory'));
        await client.set('check', '', { expiration: { type: 'PX', value: COMMAND_TIMEOUT_MS } });
      }),
    async close() {
      if (client.isOpen) await orUnavailable(() => client.close()).catch(() => client.destroy());
    },
  };
  try {
    await orUnavailable(() => client.connect());
    wasReady = true;
    await connection.check();
    return connection;
  } catch (error) {
    await connection.close();
    throw error;
  }
}

function refuseEviction(memory: string): void {
  const policy = /^maxmemory_policy:(\S+)/m.exec(memory)?.[1] ?? 'not known';
  if (policy === 'noeviction') return;
  throw new Error(`maxmemory-policy is ${policy}, so that what was recorded may be evicted. Set it to noeviction`);
}

/** The client itself would wait for an answer for as long as the connection stands. */
async function orUnavailable<Result>(work: () => Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new StoreUnavailable('The operation store did not answer')), COMMAND_TIMEOUT_MS);
  });
  try {
    return await Promise.race([work(), late]);
  } catch (error) {
    throw unavailable(error);
  } finally {
    clearTimeout(timer);
  }
}
