import { expect, test } from 'vitest';

import { hashWorld } from './hash-world.ts';
import { INVARIANTS } from './invariants.ts';
import { implementedRules, SMALL, unsafeRules } from './scenarios.ts';
import { printTrace, search } from './search.ts';
import { stepsFrom } from './steps.ts';
import { firstWorld, type World } from './world.ts';

test.each(Object.entries(implementedRules(SMALL)))('nothing goes wrong with: %s', (_, rules) => {
  const { violation, worlds } = search(rules);
  expect(violation && printTrace(violation)).toBeUndefined();
  expect(worlds).toBeGreaterThan(10_000);
});

test.each(Object.entries(unsafeRules(SMALL)))('a double effect is found where %s', (_, rules) => {
  const { violation } = search(rules, [INVARIANTS.oneEffect]);
  expect(violation?.broken).toBe(INVARIANTS.oneEffect.name);
  expect(violation?.trace.at(-1)?.world.history.effects).toBe(2);
  expect(violation?.trace.length).toBeLessThanOrEqual(12);
});

test.each<[keyof typeof INVARIANTS, variant: string]>([
  ['marked', 'no SENT on record'],
  ['notDenied', 'an unknown outcome is looked up at once'],
  ['notRerun', 'an unknown outcome is sent again to an upstream without keys'],
  ['toldOnce', 'an unknown outcome is sent again to an upstream without keys'],
  ['truthful', 'an unknown outcome is sent again to an upstream without keys'],
])('%s is an invariant that can break: %s', (name, variant) => {
  const rules = unsafeRules(SMALL)[variant];
  const { violation } = rules === undefined ? {} : search(rules, [INVARIANTS[name]]);
  expect(violation?.broken).toBe(INVARIANTS[name].name);
});

test('the shortest way to a double effect reads as a story', () => {
  const rules = unsafeRules(SMALL)['SENT is taken over when its lease ends'];
  const { violation } = rules === undefined ? {} : search(rules, [INVARIANTS.oneEffect]);
  expect(violation && printTrace(violation)).toMatchInlineSnapshot(`
    "Broken: one key has one effect at most
       1. worker 1 begins: claimed, fence 1                            CLAIMED fence 1
       2. worker 1 records SENT                                        SENT fence 1
       3. worker 1 sends                                               SENT fence 1
       4. the upstream applies what was sent with fence 1              SENT fence 1, effects 1
       5. the lease runs out                                           SENT fence 1, effects 1
       6. worker 2 begins: claimed, fence 2                            CLAIMED fence 2, effects 1
       7. worker 2 records SENT                                        SENT fence 2, effects 1
       8. worker 2 sends                                               SENT fence 2, effects 1
       9. the upstream applies what was sent with fence 2              SENT fence 2, effects 2"
  `);
});

// Worlds of one hash are searched once. That is right only where they have the same futures and the same faults.
test.each(Object.entries(implementedRules({ workers: 2, crashes: 1, requests: 2 })))(
  'worlds that count as one have the same futures: %s',
  (_, rules) => {
    const futures = new Map<string, string>();
    const differing: string[] = [];
    const faultsOf = (world: World) => Object.values(INVARIANTS).map((invariant) => invariant.holds(world, rules));
    const open = [firstWorld(rules.scenario)];
    for (let world = open.pop(); world !== undefined; world = open.pop()) {
      const hash = hashWorld(world);
      const next = stepsFrom(rules, world).map((step) => step.next);
      const future = [...new Set([hash, ...next.map(hashWorld)])].sort().join('\n') + faultsOf(world).join();
      const known = futures.get(hash);
      if (known === undefined) {
        futures.set(hash, future);
        open.push(...next);
      } else if (known !== future) {
        differing.push(`${hash}\n${known}\n${future}`);
      }
    }
    expect(differing).toEqual([]);
    expect(futures.size).toBeGreaterThan(100);
  },
);
