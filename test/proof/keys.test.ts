import { isDeepStrictEqual } from 'node:util';

import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import type { JsonObject, JsonValue } from '../../templates/kernel/json.ts';
import { Refusal } from '../../templates/kernel/pipeline/errors.ts';
import { argumentsMeant, effectOf, effectOfText, operationMeant, POLICIES, type Meaning } from './calls.ts';
import { picking } from './spelling.ts';

// Few values, much alike: pairs that differ in one thing only, or in nothing, come up all the time.
const TEXTS = [
  'a',
  'b',
  'ab',
  'A',
  '1',
  'null',
  'a,b',
  '["a"]',
  ' a',
  'a\u0000',
  'a\u200b',
  '\u00e9',
  'e\u0301',
  '\ufb01',
  'fi',
  '\u212b',
  '\u00c5',
  'A\u030a',
  '\u{1f600}',
  '__proto__',
  'constructor',
];
const NUMBERS = [0, 1, -1, 10, 0.1, 0.5, 0.3, 0.1 + 0.2, 1e-7, 5e-324, 2 ** 53 - 1, 2 ** 53 - 2, -(2 ** 53 - 1)];
const NAMES = [
  'a',
  'b',
  '1',
  '',
  '\u00e9',
  'e\u0301',
  '__proto__',
  'constructor',
  'toString',
  'length',
  '\u{1f600}',
  '\ufb01',
];

/** With the prototype that parsed JSON has. */
const PLAIN = { noNullPrototype: true } as const;

const text = fc.constantFrom(...TEXTS);
const currency = fc.constantFrom('EUR', 'USD', 'eur');
const leaf: fc.Arbitrary<JsonValue> = fc.constantFrom(...TEXTS, ...NUMBERS, true, false, null);
const object = (member: fc.Arbitrary<JsonValue>): fc.Arbitrary<JsonObject> =>
  fc.array(fc.tuple(fc.constantFrom(...NAMES), member), { maxLength: 3 }).map((members) => Object.fromEntries(members));
const value: fc.Arbitrary<JsonValue> = fc.oneof(
  { weight: 3, arbitrary: leaf },
  { weight: 1, arbitrary: fc.array(leaf, { maxLength: 2 }) },
  { weight: 1, arbitrary: object(leaf) },
);

const parts = {
  server: text,
  environment: text,
  tool: text,
  subject: text,
  tenant: fc.option(fc.constantFrom('', ...TEXTS)),
  policy: fc.constantFrom<Meaning['policy'][]>(
    'natural',
    'invoice',
    'currency',
    'amount',
    'daily',
    'perCurrency',
    'callerKey',
  ),
  day: fc.nat({ max: 3 }),
  minute: fc.constantFrom(0, 14, 15, 720, 1_439),
  callerKey: fc.constantFrom('intent-0000000000', 'intent-0000000001', 'Intent-0000000000'),
  invoice: fc.oneof(text, currency),
  amount: fc.constantFrom(...NUMBERS),
  currency,
  options: fc.record({ notify: fc.boolean(), channel: fc.constantFrom('mail', 'post') }, PLAIN),
  extra: object(value),
};

const meaning: fc.Arbitrary<Meaning> = fc.record(parts, PLAIN);
const part = fc.constantFrom(...Object.keys(parts));

interface Call {
  readonly meaning: Meaning;
  /** Of the way in which it is sent. */
  readonly seed: number;
}

/** Five calls: one, the same again, two that differ from it in up to one thing, and one that differs in up to two. */
const calls: fc.Arbitrary<readonly Call[]> = fc
  .tuple(meaning, meaning, fc.tuple(part, part, part, part), fc.nat())
  .map(([one, other, [first, second, third, fourth], seed]) => {
    const changed = (...names: readonly string[]): Meaning => ({
      ...one,
      ...Object.fromEntries(Object.entries(other).filter(([name]) => names.includes(name))),
    });
    const meanings = [one, one, changed(first), changed(second), changed(third, fourth)];
    return meanings.map((meaning, index) => ({ meaning, seed: seed + index }));
  });

const RUNS = 10_000;
const PAIRS = RUNS * 10;

test('keys are equal where the same operation is meant, and only there; so are fingerprints and arguments', () => {
  const equal = { operations: 0, arguments: 0 };
  fc.assert(
    fc.property(calls, (sent) => {
      const effects = sent.map(({ meaning, seed }) => ({ meaning, ...effectOf(meaning, picking(seed)) }));
      return pairsOf(effects).every(([one, other]) => {
        const sameOperation = isDeepStrictEqual(operationMeant(one.meaning), operationMeant(other.meaning));
        const sameArguments = isDeepStrictEqual(argumentsMeant(one.meaning), argumentsMeant(other.meaning));
        if (sameOperation) equal.operations += 1;
        if (sameArguments) equal.arguments += 1;
        return (one.key === other.key) === sameOperation && (one.fingerprint === other.fingerprint) === sameArguments;
      });
    }),
    { seed: 18, numRuns: RUNS },
  );
  // Neither half of the claim is tested in passing only.
  for (const count of Object.values(equal)) expect(count > PAIRS / 5 && count < (PAIRS * 4) / 5).toBe(true);
});

function pairsOf<Item>(items: readonly Item[]): readonly (readonly [Item, Item])[] {
  return items.flatMap((one, index) => items.slice(index + 1).map((other) => [one, other] as const));
}

const about = {
  server: 'billing',
  environment: 'test',
  tool: 'issue_refund',
  policy: POLICIES.natural,
  caller: { subject: 'ada', run: 'run-1', scopes: new Set<string>(), roles: new Set<string>() },
  meta: undefined,
  now: 0,
};

test('an integer that lost digits on its way is refused: two amounts would have one key', () => {
  const beyond = fc.bigInt({ min: 2n ** 53n, max: 10n ** 30n }).chain((size) => fc.constantFrom(size, -size));
  fc.assert(
    fc.property(beyond, fc.constantFrom('', '.0', 'e0', '00e-2'), (amount, spelling) => {
      const sent = `{"invoice":"a","extra":{"deep":[${amount}${spelling}]}}`;
      expect(() => effectOfText(sent, about)).toThrow(Refusal);
    }),
    { seed: 53, numRuns: 2_000 },
  );
  for (const most of [2n ** 53n - 1n, 1n - 2n ** 53n]) {
    expect(effectOfText(`{"invoice":"a","amount":${most}}`, about).args['amount']).toBe(Number(most));
  }
});

test('text that is no Unicode is refused, as a value and as a name', () => {
  for (const lone of ['\\ud800', '\\udc00', 'a\\udfffb']) {
    expect(() => effectOfText(`{"invoice":"${lone}"}`, about)).toThrow(Refusal);
    expect(() => effectOfText(`{"invoice":"a","extra":{"${lone}":1}}`, about)).toThrow(Refusal);
  }
});
