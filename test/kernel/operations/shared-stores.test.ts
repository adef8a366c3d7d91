import { expect, test } from 'vitest';

import { postgres } from '../../../templates/kernel/idempotency/postgres.ts';
import { redis } from '../../../templates/kernel/idempotency/redis.ts';
import type { OperationStore } from '../../../templates/kernel/idempotency/store.ts';
import { postgresMissing, postgresPlace, redisMissing, redisPlace } from '../idempotency/services.ts';
import { runCommand, type Variables } from './command.ts';
import { RETENTION_MS } from './declaration.ts';
import { BILLING, claimIn, done, QUESTION, unknown, waiting } from './records.ts';

test.skipIf(postgresMissing !== '')(`the command does its work on PostgreSQL${postgresMissing}`, async () => {
  const { url, remove } = await postgresPlace();
  const store = await postgres.open(url, RETENTION_MS);
  expect(await useCommand(store, { STORE: 'postgres', MCP_STORE_URL: url })).toEqual(DONE);
  await store.close();
  await remove();
});

test.skipIf(redisMissing !== '')(`the command does its work on Redis${redisMissing}`, async () => {
  const { url, remove } = await redisPlace();
  const store = await redis.open(url, RETENTION_MS);
  expect(await useCommand(store, { STORE: 'redis', MCP_STORE_URL: url })).toEqual(DONE);
  await store.close();
  await remove();
});

const DONE = {
  listed: [true, true, false],
  afterYes: 'claimed',
  resolved: 'released',
  purged: '0 operations were removed.\n',
  whileHeld: 'held',
  codes: [0, 0, 0, 0, 0],
  entries: [],
};

/** Does everything that an operator can, and says what came of it. */
async function useCommand(store: OperationStore, place: Variables): Promise<unknown> {
  const asked = claimIn(BILLING, { approval: QUESTION });
  const ids = [await waiting(store, asked), await unknown(store), await done(store)];
  const [question = '', open = ''] = ids;
  const list = await runCommand(['list'], place);
  const yes = await runCommand(['approve', question], place);
  const resolve = await runCommand(['resolve', open, '--not-executed'], place);
  const purge = await runCommand(['purge'], place);
  const hold = await runCommand(['hold'], place);
  return {
    listed: ids.map((id) => list.stdout.includes(id)),
    afterYes: (await store.begin(asked)).kind,
    resolved: (await store.findById(open))?.state,
    purged: purge.stdout,
    whileHeld: (await store.begin(claimIn(BILLING, { irreversible: true }))).kind,
    codes: [list, yes, resolve, purge, hold].map(({ code }) => code),
    entries: await store.entries(0, ''),
  };
}
