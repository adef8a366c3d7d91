import { expect, test } from 'vitest';

import { postgresMissing, postgresPlace, redisMissing, redisPlace } from '../idempotency/services.ts';
import { startServedHttp } from '../transport/process.ts';
import { environmentFor, holdQuestion, send, SERVED, sitAtHttp, startRefunds, type Person } from './people.ts';

const args = { invoice_id: 'inv_1', amount: 75_000 };
const REDEMPTIONS = 50;

/** Three servers on one store; one asks, and the answer is sent 50 times at once to all of them. Says how often it had an effect. */
async function redeemAtOnce(store: Record<string, string>): Promise<{ readonly effects: number; readonly ok: number }> {
  const bank = await startRefunds();
  const environment = environmentFor(bank, store);
  const sit = async (): Promise<Person> => {
    const { url } = await startServedHttp(environment, SERVED);
    return sitAtHttp(url, { era: 'modern', capabilities: { elicitation: { form: {} } } });
  };
  const people = [await sit(), await sit(), await sit()] as const;
  const { requestState } = await holdQuestion(people[0], { args });
  const answers = await Promise.all(
    Array.from({ length: REDEMPTIONS }, (_, turn) =>
      send(people[turn % 3] ?? people[0], { args, requestState, action: 'accept' }),
    ),
  );
  return { effects: bank.received.length, ok: answers.filter(({ isError }) => isError === undefined).length };
}

test('one yes that three processes redeem 50 times at once has one effect on SQLite', async () => {
  const { effects, ok } = await redeemAtOnce({ TEST_STORE: 'sqlite' });
  expect(effects).toBe(1);
  expect(ok).toBeGreaterThanOrEqual(1);
});

test.skipIf(postgresMissing !== '')(
  `one yes that three processes redeem 50 times at once has one effect on PostgreSQL${postgresMissing}`,
  async () => {
    const { url, remove } = await postgresPlace();
    expect((await redeemAtOnce({ TEST_STORE: 'postgres', MCP_STORE_URL: url })).effects).toBe(1);
    await remove();
  },
);

test.skipIf(redisMissing !== '')(
  `one yes that three processes redeem 50 times at once has one effect on Redis${redisMissing}`,
  async () => {
    const { url, remove } = await redisPlace();
    expect((await redeemAtOnce({ TEST_STORE: 'redis', MCP_STORE_URL: url })).effects).toBe(1);
    await remove();
  },
);

test('a store that takes a yes more than once is found', async () => {
  expect((await redeemAtOnce({ TEST_STORE: 'careless' })).effects).toBeGreaterThan(1);
});
