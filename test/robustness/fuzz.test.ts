import { expect, test } from 'vitest';

import { fuzzHttp, fuzzStdio, TRUSTS_BODIES } from './fuzz.ts';
import { ERAS } from './messages.ts';

const MESSAGES = 2_000;
const MOST_MEMORY = 256 * 1_048_576;

test.each(ERAS)(
  'a server outlives 2,000 broken messages over stdio (%s era), and answers between them',
  async (era) => {
    const { sent, complaints, peakMemory } = await fuzzStdio({ messages: MESSAGES, seed: 1 }, era);
    expect({ sent, complaints }).toEqual({ sent: MESSAGES, complaints: [] });
    expect(peakMemory).toBeLessThan(MOST_MEMORY);
  },
  120_000,
);

test('a server outlives 2,000 broken requests over HTTP, and answers between them', async () => {
  const { sent, answers, complaints, peakMemory } = await fuzzHttp({ messages: MESSAGES, seed: 1 });
  expect({ sent, complaints }).toEqual({ sent: MESSAGES, complaints: [] });
  expect(peakMemory).toBeLessThan(MOST_MEMORY);
  // They get past the first check, and not all of them further.
  expect(Object.keys(answers)).toEqual(expect.arrayContaining(['200', '400', '403', '405', '415']));
}, 240_000);

test('a server that a broken request ends is found out', async () => {
  const { complaints } = await fuzzHttp({ messages: 200, seed: 1, change: TRUSTS_BODIES });
  expect(complaints.join('\n')).toContain('it ended: 1');
}, 60_000);
