import { expect, test } from 'vitest';

import type { ToolContext } from '../../src/kernel/handler.ts';
import { handler } from '../../src/tools/greet.ts';

/** The handler needs nothing of its context. */
const context = {} as ToolContext<never>;

test.each([
  ['en', 'Hello, Ada!'],
  ['fr', 'Bonjour, Ada!'],
  ['de', 'Hallo, Ada!'],
] as const)('greets in %s', async (language, greeting) => {
  expect(await handler({ name: 'Ada', language }, context)).toEqual({ greeting });
});
