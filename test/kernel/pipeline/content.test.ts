import { expect, test } from 'vitest';

import { rawContent } from '../../../templates/kernel/content.ts';
import { args } from '../../../templates/kernel/expression.ts';
import type { AnyHandler } from '../../../templates/kernel/handler.ts';
import { ada, counting, freshPath, READ_POLICY, run, toolOf } from './harness.ts';

const refund = { invoice_id: 'inv_1', amount: 5 };
const picture = { type: 'image', data: 'AAAA', mimeType: 'image/png' } as const;
const blocks = [
  { type: 'text', text: 'Your receipt' },
  picture,
  { type: 'audio', data: 'AAAA', mimeType: 'audio/wav' },
  { type: 'resource_link', uri: 'https://example.com/receipt', name: 'receipt' },
  { type: 'resource', resource: { uri: 'receipt://1', mimeType: 'text/plain', text: 'Paid.' } },
] as const;

function callOf(server: ReturnType<typeof run>) {
  return () => server.runtime.callTool({ name: 'issue_refund', arguments: refund, caller: ada });
}

test('blocks of content reach the client as they are', async () => {
  const tool = toolOf(() => rawContent(...blocks), { policy: READ_POLICY });
  expect(await callOf(run({ tools: [tool] }))()).toEqual({ content: blocks });
});

test('a repeat of a write gets the same blocks again, from another server too, and has no second effect', async () => {
  const { effects, handler } = counting(() => rawContent(...blocks));
  const idempotency = { strategy: 'derived-key', key: [args('/invoice_id')], recovery: 'quarantine' } as const;
  const tools = [toolOf(handler, { policy: { idempotency } })];
  const path = freshPath();
  expect(await callOf(run({ tools, path }))()).toEqual({ content: blocks });
  expect(await callOf(run({ tools, path }))()).toEqual({
    content: blocks,
    _meta: { 'hardened-mcp/replayed': true },
  });
  expect(effects).toHaveLength(1);
});

test('content of a write whose tool now promises a value cannot be given again', async () => {
  const { effects, handler } = counting(() => rawContent(...blocks));
  const idempotency = { strategy: 'derived-key', key: [args('/invoice_id')], recovery: 'quarantine' } as const;
  const path = freshPath();
  await run({ tools: [toolOf(handler, { policy: { idempotency } })], path }).call(refund);
  const output = { type: 'object' };
  const { error } = await run({ tools: [toolOf(handler, { policy: { idempotency }, output })], path }).call(refund);
  expect(error.code).toBe('REPLAY_INCOMPATIBLE');
  expect(effects).toHaveLength(1);
});

test.each([
  ['content where the tool promises a value', rawContent(picture), { type: 'object' }],
  ['a block that MCP does not have', rawContent({ ...picture, type: 'hologram' as 'image' }), undefined],
])('%s is a wrong result of a write that was executed', async (_, content, output) => {
  const { call, logged } = run({ tools: [toolOf(() => content, output && { output })] });
  expect((await call(refund)).error).toMatchObject({ code: 'RESULT_INVALID', executed: 'yes' });
  expect(logged.join()).toContain('A result does not fit');
});

test.each<[string, AnyHandler]>([
  ['what an upstream says', () => ({ isContent: true, content: [picture], result: [picture] })],
  ['a list of blocks', () => [picture]],
  ['what was once content', () => JSON.parse(JSON.stringify(rawContent(picture)))],
])('%s is a value, not content', async (_, handler) => {
  const { content } = await callOf(run({ tools: [toolOf(handler, { policy: READ_POLICY })] }))();
  expect(content).toMatchObject([{ type: 'text' }]);
});
