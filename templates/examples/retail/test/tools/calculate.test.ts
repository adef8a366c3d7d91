import { expect, test } from 'vitest';

import { handler } from '../../src/tools/calculate.ts';
import { context } from '../retail/shop.ts';

test.each([
  ['2 + 2', 4],
  ['2 + 3 * 4', 14],
  ['(2 + 3) * 4', 20],
  ['10 - 4 - 3', 3],
  ['-(1.5 + .25) * -2', 3.5],
  ['100 / 3', 33.33],
  ['0.1 + 0.2', 0.3],
])('%s is %d', async (expression, result) => {
  expect(await handler({ expression }, context)).toEqual({ result });
});

test.each(['', '2 +', '(2', '2)', '2 3', '1..2', '1 / 0', '()', '* 2'])('%j is no arithmetic', (expression) => {
  expect(() => handler({ expression }, context)).toThrow('EXPRESSION_INVALID');
});
