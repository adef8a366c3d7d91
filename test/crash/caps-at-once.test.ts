/** Many calls at once under a cap: as many effects as it allows, over all processes, and an answer for every repeat. */
import { describe, expect, test } from 'vitest';

import { COUNTS_AFTERWARDS } from './controls.ts';
import { setStage, type StageOptions } from './stage.ts';
import { STORES } from './stores.ts';
import { CALM } from './upstream.ts';
import type { Reply } from './worker.ts';

const CAP = 10;
/** So many were executed before. */
const DONE = 4;
const CALLS = 200;
const PROCESSES = 3;

const names = (kind: string, count: number) => Array.from({ length: count }, (_, index) => `${kind}-${index + 1}`);

async function callAtOnce(options: Pick<StageOptions, 'store' | 'change'>) {
  await using stage = await setStage({
    ...options,
    seed: 1,
    leaseMs: 20_000,
    timeoutMs: 20_000,
    processes: PROCESSES,
    perDay: CAP,
    conduct: () => CALM,
  });
  const { fleet, upstream, pick } = stage;
  const call = async (entry: string) => [entry, await fleet.pick(pick).call(entry)] as const;
  const done = names('done', DONE);
  for (const entry of done) await call(entry);
  const asked = [...names('new', CALLS), ...Array.from({ length: CALLS }, (_, index) => done[index % DONE] ?? '')];
  const answers = await Promise.all(asked.map(call));
  const effects = new Map([...new Set(asked)].map((entry) => [entry, upstream.effectsOf(entry).length]));
  const sent = [...effects.keys()].flatMap((entry) => upstream.postingsOf(entry));
  return { answers, effects, sent: sent.length, processes: new Set(sent.map(({ worker }) => worker)).size };
}

const sum = (numbers: Iterable<number>) => [...numbers].reduce((total, one) => total + one, 0);

function codeOf(reply: Reply): string {
  if (reply.kind === 'error') return `${reply.code}, executed: ${reply.executed}`;
  return reply.kind === 'result' && reply.replayed ? 'replay' : reply.kind;
}

/** How often each answer was given. */
function tally(answers: readonly (readonly [string, Reply])[]): Record<string, number> {
  const codes = answers.map(([, reply]) => codeOf(reply));
  return Object.fromEntries([...new Set(codes)].map((code) => [code, codes.filter((one) => one === code).length]));
}

describe(`under a cap of ${CAP}, ${CALLS} calls and ${CALLS} repeats at once`, { timeout: 120_000 }, () => {
  for (const { store, missing } of STORES) {
    test.skipIf(missing !== '')(`have ${CAP} effects on ${store}${missing}`, async () => {
      const { answers, effects, sent, processes } = await callAtOnce({ store });
      expect(sum(effects.values())).toBe(CAP);
      expect([sent, Math.max(...effects.values())]).toEqual([CAP, 1]);
      expect(processes).toBeGreaterThan(1);
      expect(tally(answers.filter(([entry]) => entry.startsWith('done')))).toEqual({ replay: CALLS });
      const others = answers.filter(([entry]) => entry.startsWith('new'));
      expect(tally(others)).toEqual({
        result: CAP - DONE,
        'WRITE_CAP_EXCEEDED, executed: no': CALLS - (CAP - DONE),
      });
      // Who was told that it was executed is who it was executed for.
      for (const [entry, { kind }] of others) expect(effects.get(entry)).toBe(kind === 'result' ? 1 : 0);
    });
  }

  test('find out a server that counts after the claim', async () => {
    const { effects } = await callAtOnce({ store: 'sqlite', change: COUNTS_AFTERWARDS });
    expect(sum(effects.values())).toBeGreaterThan(CAP);
  });
});
