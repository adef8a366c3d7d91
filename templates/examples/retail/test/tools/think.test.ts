import { expect, test } from 'vitest';

import { handler } from '../../src/tools/think.ts';
import { context } from '../retail/shop.ts';

test('thinking answers nothing', async () => {
  expect(await handler({ thought: 'The order is still pending.' }, context)).toBe('');
});
