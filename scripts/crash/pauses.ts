/**
 * Stops processes of a generated server while they write, for one to five leases. Exits with 1 where anything happened
 * twice or was lost, or where an outcome never came out.
 *
 *     npm run proof:pause -- --store sqlite|postgres|redis [--pauses 500] [--seed 1]
 */
import { countLate, runWithPauses } from '../../test/crash/pauses.ts';
import { readOptions } from './options.ts';
import { printRun } from './print-run.ts';

const { count, ...options } = readOptions(['pauses', 500]);
const start = performance.now();
const run = await runWithPauses({ ...options, pauses: count });
const seconds = (performance.now() - start) / 1_000;
const late = countLate(run);
console.log(`${options.store}, seed ${options.seed}: ${run.counts} pauses in ${seconds.toFixed(0)} s`);
console.log(`${late} outcomes came out after somebody was told that nobody knows`);
const sound = printRun(run) && run.histories.every(({ state }) => state === 'done');
process.exitCode = sound && late > 0 ? 0 : 1;
