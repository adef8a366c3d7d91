/** A call that is meant once in a window of time is repeated where that window has just ended. */
import { expect } from 'vitest';

import { bytesOf, isReplay, resultOf } from './answer.ts';
import { replyTo } from './reply.ts';
import { startServer } from './server.ts';
import type { Subject } from './subject.ts';

const A_SECOND_MS = 1_000;
/** A repeat does not come as late. */
const LATER_MS = 30 * 60_000;

/** `windowEnd`: ISO 8601. Just after it the answer of the call just before it is repeated; later, the call is another. */
export async function checkWindowEnd(subject: Subject, windowEnd: string): Promise<void> {
  const end = Date.parse(windowEnd);
  let now = end - A_SECOND_MS;
  const server = await startServer({ reply: replyTo(subject), now: async () => now });
  const first = await server.call(subject);
  resultOf(first);
  now = end + A_SECOND_MS;
  const repeat = await server.call(subject);
  expect(isReplay(repeat)).toBe(true);
  expect(bytesOf(repeat)).toBe(bytesOf(first));
  expect(server.upstream.received).toHaveLength(1);
  now = end + LATER_MS;
  const next = await server.call(subject);
  resultOf(next);
  expect(isReplay(next)).toBe(false);
  expect(server.upstream.received).toHaveLength(2);
}
