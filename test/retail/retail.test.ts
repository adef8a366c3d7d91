import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';

import { createProject, inTemporaryProject, readFixture, REPOSITORY } from '../../scripts/fixture-projects.ts';
import type { Order, Product } from '../../templates/examples/retail/src/retail/types.ts';
import { openSession } from './session.ts';

interface ToolText {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: {
    readonly required?: readonly string[];
    readonly properties: Readonly<Record<string, { readonly description: string; readonly enum?: readonly string[] }>>;
  };
}

const BENCHMARK = join(REPOSITORY, '../shared/corpora/tau-bench/retail.tools.json');

let project: string;
let stop: () => Promise<void>;

beforeAll(async () => {
  const started = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  const whole = inTemporaryProject(async (directory) => {
    await createProject(directory, await readFixture('retail'));
    project = directory;
    started.resolve();
    await ended.promise;
  });
  stop = async () => {
    ended.resolve();
    await whole;
  };
  await Promise.race([started.promise, whole]);
}, 60_000);

afterAll(() => stop());

test.skipIf(!existsSync(BENCHMARK))('every tool of the benchmark is there, word for word', async () => {
  const { tools } = JSON.parse(readFileSync(BENCHMARK, 'utf8')) as { readonly tools: readonly ToolText[] };
  const manifest = parse((await readFixture('retail')).manifest) as { readonly tools: readonly ToolText[] };
  expect(manifest.tools.map(summarize)).toEqual(tools.map(summarize));
});

test('an agent finds a customer and cancels an order; the gift card has its money back, once', async () => {
  const session = await openSession(project);
  const found = await session.call('find_user_id_by_name_zip', {
    first_name: 'Chidi',
    last_name: 'Okafor',
    zip: '02110',
  });
  expect(found.result).toEqual({ user_id: 'chidi_okafor_3090' });
  const { result: order } = await session.call<Order>('get_order_details', { order_id: '#W1000005' });
  const paid = order?.payment_history[0]?.amount ?? 0;

  const request = { order_id: '#W1000005', reason: 'no longer needed' };
  const cancelled = await session.call('cancel_pending_order', request);
  const repeated = await session.call('cancel_pending_order', request);
  expect(cancelled.result).toMatchObject({ status: 'cancelled', cancel_reason: 'no longer needed' });
  expect(repeated).toEqual({ ...cancelled, replayed: true });

  const { result: user } = await session.call('get_user_details', { user_id: 'chidi_okafor_3090' });
  const balance = Math.round((1500 + paid) * 100) / 100;
  expect(user).toMatchObject({ payment_methods: { gift_card_0000003: { balance } } });
  await session.close();
});

test('a delivered item is exchanged for an available variant; a second exchange is refused', async () => {
  const session = await openSession(project);
  const { result: order } = await session.call<Order>('get_order_details', { order_id: '#W1000007' });
  const item = order?.items[0];
  const { result: product } = await session.call<Product>('get_product_details', { product_id: item?.product_id });
  const variants = Object.values(product?.variants ?? {});
  const other = variants.find((variant) => variant.available && variant.item_id !== item?.item_id);
  const request = {
    order_id: '#W1000007',
    item_ids: [item?.item_id],
    new_item_ids: [other?.item_id],
    payment_method_id: 'credit_card_0000004',
  };
  const exchanged = await session.call('exchange_delivered_order_items', request);
  expect(exchanged.result).toMatchObject({ status: 'exchange requested', exchange_new_items: [other?.item_id] });

  const back = await session.call('exchange_delivered_order_items', {
    ...request,
    item_ids: request.new_item_ids,
    new_item_ids: request.item_ids,
  });
  expect(back.error).toMatchObject({ code: 'ORDER_NOT_DELIVERED', category: 'failed_precondition', executed: 'no' });
  await session.close();
});

test('a refused call leaves the shop as it was, and says what to do', async () => {
  const session = await openSession(project);
  const request = { order_id: '#W1000008', payment_method_id: 'gift_card_0000005' };
  const before = await session.call('get_order_details', { order_id: '#W1000008' });
  const refused = await session.call('modify_pending_order_payment', request);
  expect(refused.error).toMatchObject({
    code: 'GIFT_CARD_BALANCE_TOO_LOW',
    retry: 'after_fix',
    executed: 'no',
    suggested_action: 'Choose another payment method.',
  });
  expect(await session.call('get_order_details', { order_id: '#W1000008' })).toEqual(before);
  await session.close();
});

test('thinking, calculating and handing over work, too', async () => {
  const session = await openSession(project);
  expect(await session.call('think', { thought: 'The refund is 12.5 % of the price.' })).toMatchObject({ text: '' });
  expect(await session.call('calculate', { expression: '(100 + 50) * 0.125' })).toMatchObject({
    result: { result: 18.75 },
  });
  const handed = await session.call('transfer_to_human_agents', { summary: 'Wants to return a gift.' });
  expect(handed.result).toEqual({ message: 'Transfer successful', handoff_id: 1 });
  await session.close();
});

/** What the benchmark says of a tool; bounds and examples are ours. */
function summarize({ name, description, inputSchema }: ToolText): object {
  return {
    name,
    description,
    required: inputSchema.required ?? [],
    properties: Object.entries(inputSchema.properties).map(([property, schema]) => [
      property,
      schema.description,
      schema.enum,
    ]),
  };
}
