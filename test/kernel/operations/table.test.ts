import { expect, test } from 'vitest';

import type { OperationView } from '../../../templates/kernel/operations/desk.ts';
import { listTable } from '../../../templates/kernel/operations/table.ts';
import { duration } from '../../../templates/kernel/operations/text.ts';

const VIEW: OperationView = {
  operation_id: 'op_0123456789abcdef0123456789abcdef',
  state: 'unknown',
  executed: 'unknown',
  tool: 'issue_refund',
  subject: 'ada',
  age_ms: 7_200_000,
  created_at: '2026-11-20T10:00:00.000Z',
  updated_at: '2026-11-20T10:00:00.000Z',
  lease_until: '2026-11-20T10:01:00.000Z',
  arguments: {},
  actions: ['resolve'],
};

const where = { environment: 'test', store: undefined };
const about = { program: 'npm run operations --', kinds: ['unknown'], where } as const;

function rowOf(changes: Partial<OperationView>): string {
  return listTable({ operations: [{ ...VIEW, ...changes }], more: false }, about).split('\n')[1] ?? '';
}

test('a row says since when nobody is at work, and at what it ended', () => {
  expect(rowOf({})).toMatch(/ ada +2h +lease over for 1h +it may have been sent, and no outcome came$/);
  expect(rowOf({ step: 'pay' })).toMatch(/ no outcome of the step pay$/);
  expect(rowOf({ lease_until: '2026-11-20T12:00:30.000Z' })).toMatch(/ lease ends in 30s /);
});

test('columns stand one below the other, and ids are never cut', () => {
  const operations = [VIEW, { ...VIEW, tool: 't', subject: 's'.repeat(200) }];
  const [head = '', one = '', two = ''] = listTable({ operations, more: false }, about).split('\n');
  for (const column of ['STATE', 'TOOL', 'SUBJECT']) expect(head.indexOf(column)).toBeGreaterThan(0);
  expect(one.slice(head.indexOf('TOOL'))).toMatch(/^issue_refund /);
  expect(two.slice(head.indexOf('TOOL'))).toMatch(/^t +s{23}… /);
  expect(two.startsWith(VIEW.operation_id)).toBe(true);
});

test('where there is more, that is said', () => {
  expect(listTable({ operations: [VIEW], more: true }, about)).toContain('There are more');
  expect(listTable({ operations: [VIEW], more: false }, about)).not.toContain('There are more');
});

test.each([
  [-5, '0s'],
  [999, '0s'],
  [59_999, '59s'],
  [60_000, '1m'],
  [3_599_999, '59m'],
  [3_600_000, '1h'],
  [86_399_999, '23h'],
  [86_400_000, '1d'],
])('%i ms are %s', (ms, text) => {
  expect(duration(ms)).toBe(text);
});
