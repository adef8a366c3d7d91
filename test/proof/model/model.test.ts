import { expect, test } from 'vitest';

import { hashWorld } from './hash-world.ts';
import { INVARIANTS } from './invariants.ts';
import { implementedRules, SMALL } from './scenarios.ts';
import { printTrace, search } from './search.ts';
import { stepsFrom } from './steps.ts';
import { unsafeRules } from './unsafe.ts';
import { firstWorld, type World } from './world.ts';

/** Seconds, on a machine that does nothing else. */
const PATIENCE = { timeout: 180_000 } as const;

test.each(Object.entries(implementedRules(SMALL)))('nothing goes wrong with: %s', PATIENCE, (_, rules) => {
  const { violation, worlds } = search(rules);
  expect(violation && printTrace(violation)).toBeUndefined();
  expect(worlds).toBeGreaterThan(1_500);
});

test.each(Object.entries(unsafeRules(SMALL)))('it is found where %s', (_, { rules, breaks }) => {
  const { violation } = search(rules, [breaks]);
  expect(violation?.broken).toBe(breaks.name);
  expect(violation?.trace.length).toBeLessThanOrEqual(15);
});

test.each<[keyof typeof INVARIANTS, variant: string]>([
  ['marked', 'no SENT on record'],
  ['notDenied', 'an unknown outcome is looked up at once'],
  ['truthful', 'an unknown outcome is sent again to an upstream without keys'],
])('%s is an invariant that can break: %s', (name, variant) => {
  const { rules } = unsafeRules(SMALL)[variant] ?? {};
  const { violation } = rules === undefined ? {} : search(rules, [INVARIANTS[name]]);
  expect(violation?.broken).toBe(INVARIANTS[name].name);
});

test('the shortest way to a double effect reads as a story', () => {
  const { rules } = unsafeRules(SMALL)['an old list of open operations is believed'] ?? {};
  const { violation } = rules === undefined ? {} : search(rules, [INVARIANTS.oneEffect]);
  expect(violation && printTrace(violation)).toMatchInlineSnapshot(`
    "Broken: one key, or one step of it, has one effect at most
       1. worker 1 begins: claimed, fence 1                            CLAIMED fence 1
       2. a reconciler lists the operation                             CLAIMED fence 1
       3. worker 1 records SENT                                        SENT fence 1
       4. worker 1 sends                                               SENT fence 1
       5. the upstream applies what was sent with fence 1              SENT fence 1, effects 1
       6. the lease runs out                                           SENT fence 1, effects 1
       7. a reconciler takes fence 1 for released: true                RELEASED fence 1, effects 1
       8. worker 2 begins: claimed, fence 2                            CLAIMED fence 2, effects 1
       9. worker 2 records SENT                                        SENT fence 2, effects 1
      10. worker 2 sends                                               SENT fence 2, effects 1
      11. the upstream applies what was sent with fence 2              SENT fence 2, effects 2"
  `);
});

// Worlds of one hash are searched once. That is right only where they have the same futures and the same faults.
test.each(Object.entries(implementedRules({ workers: 2, crashes: 1, requests: 2 })))(
  'worlds that count as one have the same futures: %s',
  PATIENCE,
  (_, rules) => {
    const futures = new Map<string, string>();
    const differing: string[] = [];
    const hash = (world: World) => hashWorld(rules, world);
    const faultsOf = (world: World) => Object.values(INVARIANTS).map((invariant) => invariant.holds(world, rules));
    const open = [firstWorld(rules.scenario)];
    for (let world = open.pop(); world !== undefined; world = open.pop()) {
      const name = hash(world);
      const next = stepsFrom(rules, world).map((step) => step.next);
      const future = [...new Set([name, ...next.map(hash)])].sort().join('\n') + faultsOf(world).join();
      const known = futures.get(name);
      if (known === undefined) {
        futures.set(name, future);
        open.push(...next);
      } else if (known !== future) {
        differing.push(`${name}\n${known}\n${future}`);
      }
    }
    expect(differing).toEqual([]);
    expect(futures.size).toBeGreaterThan(30);
  },
);
