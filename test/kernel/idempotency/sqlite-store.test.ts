import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { afterEach, expect, test } from 'vitest';

import { openSqliteStore } from '../../../templates/kernel/idempotency/sqlite-store.ts';
import { StoreUnavailable, type OperationStore } from '../../../templates/kernel/idempotency/store.ts';
import { RETENTION_MS, testStore } from './conformance.ts';
import { detailsEarlier } from './earlier.ts';
import { claimOf, POISONED, refused, succeeded } from './samples.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function freshPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'operations-'));
  folders.push(folder);
  return join(folder, 'data', 'operations.sqlite');
}

function edit(path: string, sql: string): void {
  const database = new DatabaseSync(path);
  database.exec(sql);
  database.close();
}

testStore(async () => {
  const path = freshPath();
  const stores: OperationStore[] = [];
  const another = async () => {
    const store = openSqliteStore({ path, retentionMs: RETENTION_MS });
    stores.push(store);
    return store;
  };
  return {
    store: await another(),
    another,
    passTime: async (ms) => passTime(path, ms),
    async dispose() {
      for (const store of stores) await store.close();
    },
  };
});

/** The store's clock is SQLite's own: what lies ahead is reached by moving all that is kept into the past. */
function passTime(path: string, ms: number): void {
  const database = new DatabaseSync(path);
  database.function('earlier', (details) => detailsEarlier(String(details), ms));
  const columns = ['lease_until', 'created_at', 'updated_at', 'stands_until'].map((one) => `${one} = ${one} - ${ms}`);
  database.exec(`
    UPDATE operations SET ${columns.join(', ')}, details = earlier(details);
    UPDATE counters SET expires_at = expires_at - ${ms};
    UPDATE outbox SET at = at - ${ms};
  `);
  database.close();
}

test('the file and its folder are for their owner only', async () => {
  const path = freshPath();
  const store = openSqliteStore({ path, retentionMs: RETENTION_MS });
  await store.begin(claimOf());
  const mode = (file: string) => statSync(file).mode & 0o777;
  expect([mode(path), mode(`${path}-wal`), mode(join(path, '..'))]).toEqual([0o600, 0o600, 0o700]);
  await store.close();
});

test('the log is written ahead, so that reading never waits for writing', async () => {
  const path = freshPath();
  const store = openSqliteStore({ path, retentionMs: RETENTION_MS });
  const database = new DatabaseSync(path);
  expect(database.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
  database.close();
  await store.close();
});

test('two processes on one file see one state', async () => {
  const path = freshPath();
  const first = openSqliteStore({ path, retentionMs: RETENTION_MS });
  const second = openSqliteStore({ path, retentionMs: RETENTION_MS });
  const { operation } = await first.begin(claimOf());
  expect((await second.begin(claimOf())).kind).toBe('in-progress');
  expect(await first.markSent(operation, null)).toBe('sent');
  await first.close();
  expect(await second.recordOutcome(operation, succeeded)).toBe('recorded');
  await second.close();
});

test('what was recorded is there after a restart', async () => {
  const path = freshPath();
  const before = openSqliteStore({ path, retentionMs: RETENTION_MS });
  const { operation } = await before.begin(claimOf());
  await before.markSent(operation, null);
  await before.recordOutcome(operation, succeeded);
  await before.close();
  const after = openSqliteStore({ path, retentionMs: RETENTION_MS });
  expect(await after.begin(claimOf())).toMatchObject({ kind: 'done', outcome: succeeded });
  await after.close();
});

test.each(POISONED)('a finished row with %s reads as unknown, and is not run again', async (_, column, value) => {
  const path = freshPath();
  const store = openSqliteStore({ path, retentionMs: RETENTION_MS });
  const { operation } = await store.begin(claimOf());
  await store.markSent(operation, null);
  await store.recordOutcome(operation, succeeded);
  edit(path, `UPDATE operations SET ${column} = ${value === null ? 'NULL' : `'${value}'`}`);
  expect((await store.begin(claimOf())).kind).toBe('unknown');
  expect((await store.findById(operation.id))?.state).toBe('unknown');
  await store.close();
});

test('whatever goes wrong below is one thing to the caller: the store is unavailable', async () => {
  const path = freshPath();
  const store = openSqliteStore({ path, retentionMs: RETENTION_MS });
  const { operation } = await store.begin(claimOf());
  await store.close();
  await expect(store.begin(claimOf())).rejects.toThrow(StoreUnavailable);
  await expect(store.markSent(operation, null)).rejects.toThrow(StoreUnavailable);
  await expect(store.recordOutcome(operation, succeeded)).rejects.toThrow(StoreUnavailable);
  await expect(store.findById('op_1')).rejects.toThrow(StoreUnavailable);
  await expect(store.ping()).rejects.toThrow(StoreUnavailable);
  writeFileSync(path, 'this is no database, and long enough to be looked at'.repeat(100));
  expect(() => openSqliteStore({ path, retentionMs: RETENTION_MS })).toThrow(StoreUnavailable);
});

test('a transition that fails half-way leaves nothing behind', async () => {
  const path = freshPath();
  const store = openSqliteStore({ path, retentionMs: RETENTION_MS });
  edit(path, `CREATE TRIGGER refuse BEFORE UPDATE ON fences BEGIN SELECT RAISE(ABORT, 'disk full'); END`);
  await expect(store.begin(claimOf())).rejects.toThrow(StoreUnavailable);
  edit(path, 'DROP TRIGGER refuse');
  expect((await store.begin(claimOf())).kind).toBe('claimed');
  await store.close();
});

test('successes and failures together are no more than are removed at once', async () => {
  const path = freshPath();
  const store = openSqliteStore({ path, retentionMs: RETENTION_MS });
  for (const key of ['a', 'b', 'c', 'd']) {
    const { operation } = await store.begin(claimOf({ key }));
    await store.recordOutcome(operation, key < 'c' ? succeeded : refused);
  }
  edit(path, 'UPDATE operations SET updated_at = 0');
  const keep = { idPrefix: '', finishedMs: 1, failedMs: 1, limit: 3 };
  expect([await store.reap(keep), await store.reap(keep)]).toEqual([3, 1]);
  await store.close();
});

test('of a long shelf all is listed once, also where all was changed at the same moment', async () => {
  const path = freshPath();
  const store = openSqliteStore({ path, retentionMs: RETENTION_MS });
  for (let key = 0; key < 250; key += 1) await store.begin(claimOf({ key: String(key), leaseMs: RETENTION_MS }));
  edit(path, 'UPDATE operations SET updated_at = 9007199254740991');
  const listed = await store.list({ shelf: 'open', idPrefix: '', limit: 1_000 });
  expect(new Set(listed.map(({ id }) => id)).size).toBe(250);
  expect(listed).toHaveLength(250);
  await store.close();
});

test('a transition and its entry are written together, or neither is', async () => {
  const path = freshPath();
  const store = openSqliteStore({ path, retentionMs: RETENTION_MS });
  const { operation } = await store.begin(claimOf());
  edit(path, `CREATE TRIGGER refuse BEFORE INSERT ON outbox BEGIN SELECT RAISE(ABORT, 'disk full'); END`);
  const release = () => store.release(operation, { entry: { id: 'event-1', text: '{}' } });
  await expect(release()).rejects.toThrow(/disk full/);
  expect((await store.findById(operation.id))?.state).toBe('claimed');
  edit(path, 'DROP TRIGGER refuse');
  await release();
  expect(await store.entries(0, '')).toHaveLength(1);
  await store.close();
});

test('a file of a newer release is left alone', async () => {
  const path = freshPath();
  await openSqliteStore({ path, retentionMs: RETENTION_MS }).close();
  edit(path, 'PRAGMA user_version = 3');
  expect(() => openSqliteStore({ path, retentionMs: RETENTION_MS })).toThrow(/newer release/);
});
