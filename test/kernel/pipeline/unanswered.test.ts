/** Handlers whose upstream leads where no request may go: nothing left, and that is told where it is certain. */
import { expect, test } from 'vitest';

import { args } from '../../../templates/kernel/expression.ts';
import type { AnyHandler, ToolContext } from '../../../templates/kernel/handler.ts';
import type { IdempotencyPolicy } from '../../../templates/kernel/policy.ts';
import { settingsFor } from '../upstream/declared.ts';
import { startUpstream } from '../upstream/loopback.ts';
import { counting, READ_POLICY, run, toolOf, type ToolOptions } from './harness.ts';

const refund = { invoice_id: 'inv_1', amount: 5 };
const IN_STEPS: IdempotencyPolicy = { strategy: 'derived-key', key: [args('/invoice_id')], recovery: 'resume' };
const AT_ONCE: IdempotencyPolicy = { ...IN_STEPS, recovery: 'quarantine' };
const REFUSED = { code: 'UPSTREAM_ADDRESS_REFUSED', executed: 'no', retry: 'never' };
const UNKNOWN = { code: 'OUTCOME_UNKNOWN', executed: 'unknown' };

const read = (ctx: ToolContext) => ctx.upstream('inside').request({ method: 'GET', path: ['stock'] });

async function start(options: ToolOptions, handler: AnyHandler) {
  const upstream = await startUpstream({ status: 200, body: {} });
  const { effects, handler: counted } = counting(handler);
  // The same upstream, once by a declaration that may not lead there.
  const [outside] = settingsFor(upstream.url, {}, 'public').upstreams.values();
  const [inside] = settingsFor(upstream.url, {}, 'this-machine').upstreams.values();
  if (outside === undefined || inside === undefined) throw new Error('no upstream');
  const upstreams = new Map([['inside', outside]]);
  const server = run({ tools: [toolOf(counted, options)], settings: { upstreams } });
  const repair = (): void => void upstreams.set('inside', inside);
  const stateAfter = async () => (await server.store.findById(server.audit.at(-1)?.operation_id ?? ''))?.state;
  return { ...server, upstream, effects, repair, stateAfter };
}

test('a handler that reads says why, and that nothing was executed', async () => {
  const { call, upstream, logged } = await start({ policy: READ_POLICY }, (_, ctx) => read(ctx));
  expect((await call(refund)).error).toMatchObject(REFUSED);
  expect(logged.join()).toContain('its address may not be connected to');
  expect(upstream.received).toEqual([]);
});

test('a handler in steps that did not get to its first says so, and the next call executes it', async () => {
  const { call, stateAfter, repair, upstream } = await start({ policy: { idempotency: IN_STEPS } }, async (_, ctx) => {
    await read(ctx);
    return ctx.step('pay', () => 'paid');
  });
  expect((await call(refund)).error).toMatchObject(REFUSED);
  expect(await stateAfter()).toBe('released');
  repair();
  expect((await call(refund)).text).toBe('paid');
  expect(upstream.received).toHaveLength(1);
});

test.each<[string, IdempotencyPolicy, AnyHandler]>([
  ['within a step', IN_STEPS, (_, ctx) => ctx.step('pay', async () => (await read(ctx)).status)],
  ['anywhere in a handler that may act at any time', AT_ONCE, (_, ctx) => read(ctx)],
])('what fails %s may have had its effect', async (_, idempotency, handler) => {
  const { call, effects, stateAfter, logged } = await start({ policy: { idempotency } }, handler);
  const { error } = await call(refund);
  expect(error).toMatchObject(UNKNOWN);
  expect(await stateAfter()).toBe('unknown');
  expect(logged.join()).toContain(error.operation_id);
  expect((await call(refund)).error).toMatchObject(UNKNOWN);
  expect(effects).toHaveLength(1);
});

test('after a step a part of the effect is there, so that nobody says that nothing was executed', async () => {
  const { call } = await start({ policy: { idempotency: IN_STEPS } }, async (_, ctx) => {
    await ctx.step('pay', () => 'paid');
    return read(ctx);
  });
  expect((await call(refund)).error).toMatchObject(UNKNOWN);
});

test('a run that goes on where an earlier one had a step says so too, before its own first', async () => {
  const errors = [{ code: 'LATER', category: 'conflict', message: { parts: ['Later.'] } }] as const;
  let runs = 0;
  const policy = { idempotency: IN_STEPS };
  const { call } = await start({ policy, errors }, async (_, ctx) => {
    runs += 1;
    if (runs > 1) return read(ctx);
    await ctx.step('pay', () => 'paid');
    return ctx.fail('LATER');
  });
  expect((await call(refund)).error).toMatchObject({ code: 'LATER', executed: 'unknown' });
  expect((await call(refund)).error).toMatchObject(UNKNOWN);
  expect(runs).toBe(2);
});

test('a handler that knows that it did nothing says so itself', async () => {
  const handler: AnyHandler = async (_, ctx) => {
    try {
      return (await read(ctx)).status;
    } catch (error) {
      if (error instanceof Error && 'sent' in error && error.sent === false) ctx.fail('NOT_REACHED');
      throw error;
    }
  };
  const upstream = await startUpstream({ status: 200 });
  const { upstreams } = settingsFor(upstream.url, {}, 'public');
  const [api] = upstreams.values();
  if (api === undefined) throw new Error('no upstream');
  const errors = [{ code: 'NOT_REACHED', category: 'unavailable', message: { parts: ['Not reached.'] } }] as const;
  const tool = toolOf(handler, { errors, policy: { idempotency: AT_ONCE } });
  const { call } = run({ tools: [tool], settings: { upstreams: new Map([['inside', api]]) } });
  expect((await call(refund)).error).toMatchObject({ code: 'NOT_REACHED', executed: 'no', retry: 'same_call' });
});
