/**
 * Searches every world of 3 workers, 3 crashes and 6 requests for one in which the call protocol goes wrong, and
 * shows that each unsafe variant of it does. Takes some minutes; exits with 1 where the protocol fails, or the search.
 */
import type { Invariant } from '../../test/proof/model/invariants.ts';
import { implementedRules, LARGE } from '../../test/proof/model/scenarios.ts';
import { printTrace, search, type SearchResult } from '../../test/proof/model/search.ts';
import type { Rules } from '../../test/proof/model/steps.ts';
import { unsafeRules } from '../../test/proof/model/unsafe.ts';

const { workers, crashes, requests } = LARGE;

function main(): boolean {
  console.log(`The call protocol, with ${workers} workers, ${crashes} crashes, ${requests} requests\n`);
  const sound = Object.entries(implementedRules(LARGE)).map(([name, rules]) => {
    const { violation } = timed(name, rules);
    if (violation !== undefined) console.log(printTrace(violation));
    return violation === undefined;
  });
  console.log('\nUnsafe variants of it, and the shortest way to the fault in each\n');
  const found = Object.entries(unsafeRules(LARGE)).map(([name, { rules, breaks }]) => {
    const { violation } = timed(name, rules, [breaks]);
    if (violation !== undefined) console.log(`${printTrace(violation)}\n`);
    return violation !== undefined;
  });
  return [...sound, ...found].every(Boolean);
}

function timed(name: string, rules: Rules, invariants?: readonly Invariant[]): SearchResult {
  const start = performance.now();
  const result = search(rules, invariants);
  const seconds = ((performance.now() - start) / 1_000).toFixed(1);
  const verdict = result.violation === undefined ? 'nothing found, to depth' : 'violated after';
  console.log(
    `${name}: ${verdict} ${result.depth} steps; ${result.worlds.toLocaleString('en')} worlds in ${seconds} s`,
  );
  return result;
}

process.exitCode = main() ? 0 : 1;
