/** The exchange with the upstream breaks at every byte: what is told of a call is what happened, or that nobody knows. */
import { describe, expect, test } from 'vitest';

import { TAKES_LOST_FOR_UNSENT } from './controls.ts';
import { runOverFaultyLink } from './network.ts';
import { complaintsOf, tally } from './report.ts';

/** Here and there; `npm run proof:network` is for all positions in all modes. */
const STEP = 32;

describe.concurrent('an exchange that breaks', { timeout: 300_000 }, () => {
  test('at any byte is told of as it was, or as in doubt', async () => {
    const run = await runOverFaultyLink({ store: 'sqlite', seed: 1, step: 1 });
    expect(complaintsOf(run)).toEqual([]);
    // A server that is always in doubt would be right too.
    const first = run.histories.map(({ heard: [answer] }) => answer?.reply);
    const codes = first.map((reply) => (reply?.kind === 'error' ? reply.code : reply?.kind));
    expect(codes).toEqual(expect.arrayContaining(['result', 'OUTCOME_UNKNOWN', 'UPSTREAM_REJECTED_ARGUMENTS']));
  });

  for (const mode of ['natural', 'keyed', 'lookup'] as const) {
    test(`has one effect in the end, and all know it, in the mode ${mode}`, async () => {
      const run = await runOverFaultyLink({ store: 'sqlite', mode, seed: 1, step: STEP });
      expect(complaintsOf(run)).toEqual([]);
    });
  }

  test('finds out a server that takes a lost answer for nothing sent', async () => {
    const change = TAKES_LOST_FOR_UNSENT;
    const run = await runOverFaultyLink({ store: 'sqlite', seed: 1, step: STEP, change });
    expect(tally(run.complaints)).toMatchObject({
      'has two effects': expect.any(Number),
      'was said not to be executed by the call that did': expect.any(Number),
    });
  });
});
