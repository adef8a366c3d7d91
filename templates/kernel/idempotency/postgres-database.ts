/** The connections to PostgreSQL, the tables, and one durable transaction at a time. */
import { Pool, type ClientBase } from 'pg';

import { migratePostgres } from './postgres-schema.ts';
import { unavailable } from './store.ts';

export type Row = Readonly<Record<string, unknown>>;

export interface PostgresDatabase {
  /** One transaction on one connection; its commit is on disk when this resolves. Nothing of it stays where it fails. */
  transact<Result>(work: (client: ClientBase) => Promise<Result>): Promise<Result>;
  /** One statement that only reads. */
  read(statement: string, values: readonly unknown[]): Promise<readonly Row[]>;
  close(): Promise<void>;
}

const CONNECTIONS = 10;
/** Also how long a call waits for a free connection. */
const CONNECT_TIMEOUT_MS = 5_000;
const STATEMENT_TIMEOUT_MS = 5_000;

/** On every transaction, because a pooler in between may give each of them another session. */
const BEGIN = `
  BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;
  SET LOCAL synchronous_commit = on;
  SET LOCAL statement_timeout = ${STATEMENT_TIMEOUT_MS};
  SET LOCAL idle_in_transaction_session_timeout = ${2 * STATEMENT_TIMEOUT_MS};
`;

/** Connects, and makes the tables or brings them up to date. Throws `StoreUnavailable`. */
export async function openPostgresDatabase(url: string, { connections = CONNECTIONS } = {}): Promise<PostgresDatabase> {
  const pool = openPool(url, connections);
  const database: PostgresDatabase = {
    transact: (work) => orUnavailable(() => transact(pool, work)),
    read: (statement, values) => orUnavailable(async () => (await pool.query<Row>(statement, [...values])).rows),
    close: async () => {
      if (!pool.ending) await pool.end();
    },
  };
  try {
    await database.transact(prepare);
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

function openPool(url: string, connections: number): Pool {
  if (!URL.canParse(url) || !/^postgres(ql)?:$/.test(new URL(url).protocol)) {
    throw unavailable('its URL does not read postgres://user:password@host:port/database');
  }
  const pool = new Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: STATEMENT_TIMEOUT_MS,
    keepAlive: true,
    fallback_application_name: 'hardened-mcp',
  });
  // A connection may break while nobody uses it; whoever uses it next hears of it then.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

async function transact<Result>(pool: Pool, work: (client: ClientBase) => Promise<Result>): Promise<Result> {
  const client = await pool.connect();
  try {
    await client.query(BEGIN);
    const result = await work(client);
    await client.query('COMMIT');
    client.release();
    return result;
  } catch (error) {
    // Closing the connection rolls back, whatever state it is in.
    client.release(true);
    throw error;
  }
}

async function prepare(client: ClientBase): Promise<void> {
  await refuseWhatForgets(client);
  await migratePostgres(client);
}

/** The transaction sets `synchronous_commit` for itself, so what the session came with has to be asked for. */
async function refuseWhatForgets(client: ClientBase): Promise<void> {
  const { rows } = await client.query<{ name: string; value: string }>(
    `SELECT name, COALESCE(NULLIF(reset_val, ''), setting) AS value FROM pg_settings
     WHERE name IN ('synchronous_commit', 'fsync')`,
  );
  for (const { name, value } of rows) {
    if (value === 'off') throw new Error(`${name} is off, so that a crash loses what was recorded. Turn it on`);
  }
}

/** Whatever goes wrong below is one thing to the caller. */
async function orUnavailable<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw unavailable(error);
  }
}
