/** The edge cases that the protocol names: every one of them has a test under its number. */
import { readdirSync, readFileSync } from 'node:fs';

import { expect, test } from 'vitest';

const EDGE_CASES = 29;
const folder = new URL('.', import.meta.url);

test(`edge cases 1 to ${EDGE_CASES} are all there`, () => {
  const sources = readdirSync(folder).map((name) => readFileSync(new URL(name, folder), 'utf8'));
  const titles = sources.flatMap((source) => [...source.matchAll(/'edge case (\d+): /g)]);
  const numbers = new Set(titles.map(([, number]) => Number(number)));
  const all = Array.from({ length: EDGE_CASES }, (_, index) => index + 1);
  expect([...numbers].toSorted((one, other) => one - other)).toEqual(all);
});
