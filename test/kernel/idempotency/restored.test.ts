/** A store that was restored from a backup while servers were running: it forgot what was done since. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { expect, onTestFinished, test } from 'vitest';

import { openSqliteStore } from '../../../templates/kernel/idempotency/sqlite-store.ts';
import { claimOf, succeeded } from './samples.ts';

const irreversible = (key: string) => claimOf({ key, irreversible: true });

function openStore() {
  const folder = mkdtempSync(join(tmpdir(), 'restored-'));
  const path = join(folder, 'operations.sqlite');
  const store = openSqliteStore({ path, retentionMs: 86_400_000 });
  onTestFinished(async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  });
  return { store, path };
}

/** As a backup from before the first call would have it. */
function forget(path: string): void {
  const database = new DatabaseSync(path);
  database.exec('DELETE FROM operations; UPDATE fences SET last = 0;');
  database.close();
}

test('a fence that was given before holds irreversible calls back until an operator lets them go', async () => {
  const { store, path } = openStore();
  const first = await store.begin(irreversible('refund'));
  await store.markSent(first.operation, null);
  await store.recordOutcome(first.operation, succeeded);

  forget(path);
  expect((await store.begin(irreversible('refund'))).kind).toBe('held');
  expect((await store.begin(irreversible('another'))).kind).toBe('held');
  expect((await store.begin(claimOf({ key: 'note' }))).kind).toBe('claimed');

  expect(await store.hold(false)).toEqual({ number: 2, held: false });
  expect((await store.begin(irreversible('refund'))).kind).toBe('claimed');
});

test('calls that overlap are no sign of a backup, in whatever order their claims are answered', async () => {
  const { store } = openStore();
  const keys = Array.from({ length: 50 }, (_, index) => `key-${index}`);
  const begun = await Promise.all(keys.map((key) => store.begin(irreversible(key))));
  expect(new Set(begun.map(({ kind }) => kind))).toEqual(new Set(['claimed']));
});

test('a call that can be undone goes on where it is the first to notice, and the others are held', async () => {
  const { store, path } = openStore();
  await store.begin(claimOf({ key: 'note' }));
  forget(path);
  expect((await store.begin(claimOf({ key: 'note' }))).kind).toBe('claimed');
  expect((await store.begin(irreversible('refund'))).kind).toBe('held');
});

test('an operation that reads as it did is no sign of a backup', async () => {
  const { store } = openStore();
  const sent = await store.begin(claimOf({ key: 'sent', leaseMs: 20 }));
  await store.markSent(sent.operation, null);
  await store.begin(irreversible('later'));
  await expect.poll(async () => (await store.begin(claimOf({ key: 'sent' }))).kind).toBe('unknown');
  expect((await store.begin(irreversible('another'))).kind).toBe('claimed');
});

test('a server that claims seldom notices by what it has seen of others', async () => {
  const { store: busy, path } = openStore();
  const seldom = openSqliteStore({ path, retentionMs: 86_400_000 });
  onTestFinished(() => seldom.close());
  await seldom.begin(irreversible('its own'));
  for (const key of ['a', 'b', 'c', 'd']) await busy.begin(irreversible(key));
  expect((await seldom.begin(irreversible('a'))).kind).toBe('in-progress');
  const database = new DatabaseSync(path);
  database.exec("DELETE FROM operations WHERE key > 'b'; UPDATE fences SET last = 3;");
  database.close();
  expect((await seldom.begin(irreversible('d'))).kind).toBe('held');
});
