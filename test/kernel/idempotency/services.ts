/**
 * The servers that stores are tested on. Tests of one that cannot be reached are skipped, and their title says why;
 * under CI=true that is a failure instead.
 */
import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';

import { Client } from 'pg';
import { createClient } from 'redis';

const POSTGRES_URL = process.env['TEST_POSTGRES_URL'] ?? 'postgres://postgres@127.0.0.1:5432/test';
const REDIS_URL = process.env['TEST_REDIS_URL'] ?? 'redis://127.0.0.1:6379';

/** A part of a server that nobody else uses. */
export interface Place {
  readonly url: string;
  /** Removes it with all that is in it. */
  remove(): Promise<void>;
}

/** Why the server's tests are skipped, as their title says it; empty where it answers. */
export const postgresMissing = await missing('PostgreSQL', new URL(POSTGRES_URL));
export const redisMissing = await missing('Redis', new URL(REDIS_URL));

/** A schema of its own; `edit` runs statements in it. */
export async function postgresPlace(): Promise<Place & { edit(sql: string): Promise<void> }> {
  const schema = `test_${randomBytes(8).toString('hex')}`;
  const url = new URL(POSTGRES_URL);
  url.searchParams.set('options', `-csearch_path=${schema}`);
  const edit = (sql: string) => runSql(url.href, sql);
  await edit(`CREATE SCHEMA ${schema}`);
  return { url: url.href, edit, remove: () => edit(`DROP SCHEMA ${schema} CASCADE`) };
}

/** A prefix of its own, and a connection to look at what stands under it. */
export async function redisPlace() {
  const prefix = `{test-${randomBytes(8).toString('hex')}}:`;
  const client = createClient({ url: REDIS_URL });
  await client.connect();
  const keys = () => client.keys(`${prefix}*`);
  const remove = async () => {
    for (const key of await keys()) await client.del(key);
    client.destroy();
  };
  const url = new URL(REDIS_URL);
  url.searchParams.set('prefix', prefix);
  return { url: url.href, prefix, client, keys, remove };
}

/** Runs statements on a connection of their own. */
export async function runSql(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

async function missing(name: string, { hostname, port }: URL): Promise<string> {
  if (await answers(hostname, Number(port))) return '';
  if (process.env['CI'] === 'true') throw new Error(`${name} does not answer on ${hostname}:${port}`);
  return ` (skipped: nothing answers on ${hostname}:${port})`;
}

function answers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 2_000 });
    const settle = (isThere: boolean) => () => {
      socket.destroy();
      resolve(isThere);
    };
    socket.on('connect', settle(true)).on('error', settle(false)).on('timeout', settle(false));
  });
}
