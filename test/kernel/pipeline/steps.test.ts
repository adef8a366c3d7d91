import { expect, test } from 'vitest';

import { responseStatus, text } from '../../../templates/kernel/expression.ts';
import type { AnyHandler } from '../../../templates/kernel/handler.ts';
import type { IdempotencyPolicy } from '../../../templates/kernel/policy.ts';
import { startRefunds } from './bank.ts';
import { ada, freshPath, passTime, READ_POLICY, run, toolOf, type Running, type ServerOptions } from './harness.ts';
import { byInvoice, get, KEYED, QUARANTINED, refund, upstreamsAt } from './refunds.ts';

const RESUMED = byInvoice({ recovery: 'resume' });
const LEASE_OVER = 60_001;

function serverWith(handler: AnyHandler, options: Partial<ServerOptions> & { idempotency?: IdempotencyPolicy } = {}) {
  const { idempotency = RESUMED } = options;
  const errors = [{ code: 'NO', category: 'conflict', message: { parts: ['No.'] } }] as const;
  return run({ ...options, tools: [toolOf(handler, { policy: { idempotency }, errors })] });
}

const never = () => new Promise<never>(() => {});

/** Does `first` and `second`; `between` comes in between. `done`: the steps that were really done. */
function twoSteps(done: string[], between: () => unknown = () => null): AnyHandler {
  return async (_, ctx) => {
    const first = await ctx.step('first', () => `first, ${done.push('first')}`);
    await between();
    const second = await ctx.step('second', () => `second, ${done.push('second')}`);
    return { first, second };
  };
}

test('a run that dies between two steps goes on from there, with the results of then', async () => {
  const path = freshPath();
  const done: string[] = [];
  const dying = serverWith(
    twoSteps(done, () => dying.kill()),
    { path },
  );
  void dying.call(refund);
  await expect.poll(() => done).toEqual(['first']);
  const { call, store } = serverWith(twoSteps(done), { path });
  await expect.poll(async () => (await call(refund)).error.code).toBe('IN_PROGRESS');
  passTime(path, LEASE_OVER);
  expect((await call(refund)).text).toBe('{"first":"first, 1","second":"second, 2"}');
  expect(done).toEqual(['first', 'second']);
  expect(await store.list({ shelf: 'open', idPrefix: 'op_', limit: 9 })).toEqual([]);
});

test('a run that dies within a step is UNKNOWN, and nothing is done again', async () => {
  const path = freshPath();
  const began: string[] = [];
  const dying = serverWith(
    async (_, ctx) => {
      await ctx.step('first', () => 1);
      return ctx.step('second', () => (began.push('second'), never()));
    },
    { path },
  );
  void dying.call(refund);
  await expect.poll(() => began).toEqual(['second']);
  dying.kill();
  passTime(path, LEASE_OVER);
  const done: string[] = [];
  const { call, store } = serverWith(twoSteps(done), { path });
  const { error } = await call(refund);
  expect(error).toMatchObject({ code: 'OUTCOME_UNKNOWN', executed: 'unknown' });
  expect(done).toEqual([]);
  expect(await store.findById(error.operation_id ?? '')).toMatchObject({ steps: { first: 1 }, step: 'second' });
});

test('where a handler does not act in steps only, a death between them is UNKNOWN too', async () => {
  const path = freshPath();
  const done: string[] = [];
  const dying = serverWith(
    twoSteps(done, () => dying.kill()),
    { path, idempotency: QUARANTINED },
  );
  void dying.call(refund);
  await expect.poll(() => done).toEqual(['first']);
  const { call, store } = serverWith(twoSteps(done), { path, idempotency: QUARANTINED });
  await expect.poll(async () => (await call(refund)).error.code).toBe('IN_PROGRESS');
  passTime(path, LEASE_OVER);
  const { error } = await call(refund);
  expect(error.code).toBe('OUTCOME_UNKNOWN');
  // A person found out that the rest did not happen: what is done stays done.
  await store.resolve({ id: error.operation_id ?? '', outcome: null, by: 'operator' });
  expect((await call(refund)).text).toBe('{"first":"first, 1","second":"second, 2"}');
  expect(done).toEqual(['first', 'second']);
});

test('under a key that the upstream knows, a run is done again, but for its finished steps', async () => {
  const path = freshPath();
  const done: string[] = [];
  const keys: unknown[] = [];
  const handler =
    (between: () => unknown): AnyHandler =>
    (args, ctx) => {
      keys.push(ctx.idempotencyKey);
      return twoSteps(done, between)(args, ctx);
    };
  const dying = serverWith(
    handler(() => dying.kill()),
    { path, idempotency: KEYED },
  );
  void dying.call(refund);
  await expect.poll(() => done).toEqual(['first']);
  const { call } = serverWith(
    handler(() => null),
    { path, idempotency: KEYED },
  );
  await expect.poll(async () => (await call(refund)).error.code).toBe('IN_PROGRESS');
  passTime(path, LEASE_OVER);
  expect((await call(refund)).ok).toBe(true);
  expect(done).toEqual(['first', 'second']);
  expect(new Set(keys).size).toBe(1);
});

test('a step does not begin once the claim is lost, and the next call goes on', async () => {
  const path = freshPath();
  const done: string[] = [];
  let pauses = [LEASE_OVER];
  const pause = (): void => {
    for (const ms of pauses) passTime(path, ms);
    pauses = [];
  };
  const { call, store, calls } = serverWith(twoSteps(done, pause), { path });
  expect((await call(refund)).error).toMatchObject({ code: 'OUTCOME_UNKNOWN', executed: 'unknown' });
  expect(done).toEqual(['first']);
  const id = calls()[0]?.operation_id ?? '';
  expect(await store.findById(id)).toMatchObject({ state: 'claimed', steps: { first: 'first, 1' } });
  expect((await call(refund)).ok).toBe(true);
  expect(done).toEqual(['first', 'second']);
});

test('a step whose end cannot be recorded ends the run', async () => {
  const { call } = serverWith((_, ctx) => ctx.step('only', () => 1), {
    wrap: (store) => ({ ...store, finishStep: async () => false }),
  });
  expect((await call(refund)).error).toMatchObject({ code: 'OUTCOME_UNKNOWN', executed: 'unknown' });
  expect((await call(refund)).error.code).toBe('OUTCOME_UNKNOWN');
});

test('a refusal within a step frees the key for the same arguments, and the steps before it stay done', async () => {
  const done: string[] = [];
  let refuses = true;
  const { call, store } = serverWith(async (_, ctx) => {
    await ctx.step('first', () => done.push('first'));
    return ctx.step('second', () => (refuses ? ctx.fail('NO') : done.push('second')));
  });
  const { error } = await call(refund);
  // The first step had its effect: nobody may say that nothing was executed.
  expect(error).toMatchObject({ code: 'NO', executed: 'unknown', retry: 'check_status_first' });
  const id = error.operation_id ?? '';
  expect((await store.findById(id))?.state).toBe('released');
  const status = await call({ operation_id: id }, { name: 'get_operation_status' });
  expect(status.structured).toMatchObject({ state: 'released', executed: 'unknown' });
  expect((await call({ ...refund, amount: 6 })).error.code).toBe('IDEMPOTENCY_CONFLICT');
  refuses = false;
  expect((await call(refund)).text).toBe('2');
  expect(done).toEqual(['first', 'second']);
});

test('a refusal within the first step says that nothing was executed', async () => {
  const { call } = serverWith((_, ctx) => ctx.step('first', () => ctx.fail('NO')));
  expect((await call(refund)).error).toMatchObject({ code: 'NO', executed: 'no' });
});

test('after its deadline a run begins no step, and the next call goes on', async () => {
  const path = freshPath();
  const done: string[] = [];
  const late = Promise.withResolvers<void>();
  const settings = { deadlineMs: 1_500 };
  const slow = serverWith(
    twoSteps(done, () => late.promise),
    { path, settings },
  );
  expect((await slow.call(refund)).error).toMatchObject({ code: 'OUTCOME_UNKNOWN', executed: 'unknown' });
  late.resolve();
  await slow.runtime.close();
  expect(done).toEqual(['first']);
  const { call } = serverWith(twoSteps(done), { path });
  passTime(path, LEASE_OVER);
  expect((await call(refund)).ok).toBe(true);
  expect(done).toEqual(['first', 'second']);
});

test('what a step returns is JSON from the first run on, and nothing is null', async () => {
  const seen: unknown[] = [];
  const { call } = serverWith(async (_, ctx) => {
    seen.push(await ctx.step('date', () => new Date(0)), await ctx.step('nothing', () => undefined));
    return null;
  });
  await call(refund);
  expect(seen).toEqual(['1970-01-01T00:00:00.000Z', null]);
});

test.each<[string, AnyHandler, RegExp]>([
  [
    'a name for two steps',
    async (_, ctx) => {
      await ctx.step('a', () => 1);
      await ctx.step('a', () => 2);
    },
    /step named a was run already/,
  ],
  [
    'two steps at once',
    async (_, ctx) => Promise.all([ctx.step('a', () => 1), ctx.step('b', () => 2)]),
    /step a has not ended: await it before the step b/,
  ],
  [
    'a result too large to keep',
    async (_, ctx) => ctx.step('a', () => 'x'.repeat(64_001)),
    /result of the step a is larger than 64000 bytes/,
  ],
])('%s is a mistake of the handler, told in the log', async (_, handler, told) => {
  const { call, logged } = serverWith(handler);
  expect((await call(refund)).error).toMatchObject({ code: 'INTERNAL', executed: 'unknown' });
  expect(logged.join()).toMatch(told);
});

test('what acts in steps only cannot write outside of them, and may read anywhere', async () => {
  const path = freshPath();
  const bank = await startRefunds();
  const settings = { upstreams: upstreamsAt(bank) };
  const key = 'the-key';
  let asStep = false;
  const handler: AnyHandler = async (_, ctx) => {
    await ctx.upstream('api').request({ method: 'GET', path: ['refunds', key] });
    const headers = { 'idempotency-key': key };
    const write = () => ctx.upstream('api').request({ method: 'POST', path: ['refunds'], headers });
    return (asStep ? ctx.step('refund', async () => (await write()).body) : (await write()).body) ?? null;
  };
  const { call, logged } = serverWith(handler, { path, settings });
  expect((await call(refund)).error.code).toBe('INTERNAL');
  expect(logged.join()).toContain('A POST to api belongs into a ctx.step');
  expect([bank.writes().length, bank.reads().length]).toEqual([0, 1]);
  asStep = true;
  passTime(path, LEASE_OVER);
  expect((await call(refund)).text).toBe('{"id":"re_1"}');
});

test('what acts in steps only cannot write between them either', async () => {
  const bank = await startRefunds();
  const handler: AnyHandler = async (_, ctx) => {
    await ctx.step('first', () => 1);
    return (await ctx.upstream('api').request({ method: 'POST', path: ['refunds'] })).body ?? null;
  };
  const { call, logged } = serverWith(handler, { settings: { upstreams: upstreamsAt(bank) } });
  expect((await call(refund)).error).toMatchObject({ code: 'INTERNAL', executed: 'unknown' });
  expect(logged.join()).toContain('A POST to api belongs into a ctx.step');
  expect(bank.received).toEqual([]);
});

test.each([
  ['died', (server: Running) => server.kill()],
  ['was refused', (_: Running, refuse: () => never) => refuse()],
])(
  'what %s after a finished step goes on, and is not asked again what had to hold before the first',
  async (_, end) => {
    const path = freshPath();
    const bank = await startRefunds();
    const precondition = {
      request: get('refunds', 'any'),
      require: [{ value: responseStatus, equals: 404 }],
      code: 'EXISTS',
      message: text('It exists.'),
    };
    const done: string[] = [];
    const errors = [{ code: 'NO', category: 'conflict', message: { parts: ['No.'] } }] as const;
    const start = (between: (refuse: () => never) => unknown) => {
      const handler: AnyHandler = (args, ctx) => twoSteps(done, () => between(() => ctx.fail('NO')))(args, ctx);
      const tool = toolOf(handler, { policy: { idempotency: RESUMED }, errors });
      const settings = { upstreams: upstreamsAt(bank) };
      return run({ path, settings, tools: [{ ...tool, preconditions: [precondition] }] });
    };
    const first = start((refuse) => end(first, refuse));
    void first.call(refund);
    await expect.poll(() => done).toEqual(['first']);
    const second = start(() => null);
    passTime(path, LEASE_OVER);
    expect((await second.call(refund)).ok).toBe(true);
    expect(done).toEqual(['first', 'second']);
    expect(bank.reads()).toHaveLength(1);
  },
);

test('in a tool that reads, a step is what it does', async () => {
  const { call } = run({
    tools: [toolOf((_, ctx) => ctx.step('a', () => ({ ok: 1 })), { policy: READ_POLICY })],
  });
  expect((await call(refund, { caller: ada })).text).toBe('{"ok":1}');
});
