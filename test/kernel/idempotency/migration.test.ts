import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { expect, test } from 'vitest';

import { openPostgresStore } from '../../../templates/kernel/idempotency/postgres-store.ts';
import { openSqliteStore } from '../../../templates/kernel/idempotency/sqlite-store.ts';
import type { OperationStore } from '../../../templates/kernel/idempotency/store.ts';
import { POSTGRES_TABLES, SQLITE_FILE } from './first-release.ts';
import { claimOf } from './samples.ts';
import { postgresMissing, postgresPlace } from './services.ts';

const retentionMs = 86_400_000;

/** What the first release wrote means the same, and can do what this release can. */
async function expectMigrated(store: OperationStore): Promise<void> {
  const keyed = (name: string) => claimOf({ key: `key-${name}` });
  const ids = async (shelf: 'waiting' | 'open' | 'failed') =>
    (await store.list({ shelf, idPrefix: '', limit: 10 })).map(({ id }) => id);
  expect([await ids('waiting'), await ids('open'), await ids('failed')]).toEqual([
    [],
    ['op_unknown', 'op_sent', 'op_claimed'],
    ['op_failed'],
  ]);
  expect((await store.begin(keyed('done'))).kind).toBe('done');
  expect((await store.begin(keyed('failed'))).kind).toBe('done');
  expect((await store.begin(keyed('sent'))).kind).toBe('unknown');
  expect((await store.begin(keyed('unknown'))).kind).toBe('unknown');
  expect(await store.begin(keyed('released'))).toMatchObject({ kind: 'claimed', operation: { id: 'op_released' } });
  const caps = [{ counter: 'run', window: 'run', limit: 1 }] as const;
  const taken = await store.begin(claimOf({ key: 'key-claimed', caps }));
  expect(taken).toMatchObject({ kind: 'claimed', operation: { id: 'op_claimed', steps: {}, inDoubt: false } });
  expect(taken.operation.fence).toBeGreaterThan(16);
  expect((await store.begin(claimOf({ key: 'key-new', caps }))).kind).toBe('claimed');
  expect((await store.begin(claimOf({ key: 'key-newer', caps }))).kind).toBe('cap-exceeded');
  const entry = { id: 'event-1', text: '{}' };
  expect(await store.resolve({ id: 'op_sent', outcome: null, by: 'grace', entry })).toBe('resolved');
  expect(await store.entries(0, '')).toEqual([entry]);
  expect(await store.hold(true)).toEqual({ number: 2, held: true });
}

test('a file of the first release is brought up to date once', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'migration-'));
  const path = join(folder, 'operations.sqlite');
  const database = new DatabaseSync(path);
  database.exec(SQLITE_FILE);
  database.close();
  await openSqliteStore({ path, retentionMs }).close();
  const store = openSqliteStore({ path, retentionMs });
  await expect(expectMigrated(store)).resolves.toBeUndefined();
  await store.close();
  rmSync(folder, { recursive: true });
});

test.skipIf(postgresMissing !== '')(
  `tables of the first release are brought up to date once, whoever comes first${postgresMissing}`,
  async () => {
    const { url, edit, remove } = await postgresPlace();
    await edit(POSTGRES_TABLES);
    const open = () => openPostgresStore({ url, retentionMs });
    const [store, ...others] = await Promise.all([open(), open(), open(), open()]);
    await expect(expectMigrated(store)).resolves.toBeUndefined();
    for (const one of [store, ...others]) await one.close();
    await remove();
  },
);
