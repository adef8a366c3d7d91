/**
 * Kills processes of a generated server while they write, by the thousand. Exits with 1 where anything happened twice
 * or was lost, and where the kills hit too little to prove it.
 *
 *     npm run proof:crash -- --store sqlite|postgres|redis [--kills 10000] [--mode quarantine] [--seed 1]
 */
import { countKills, runWithKills } from '../../test/crash/kills.ts';
import { readOptions } from './options.ts';
import { printRun } from './print-run.ts';

const { count, ...options } = readOptions(['kills', 10_000]);
const start = performance.now();
const run = await runWithKills({ ...options, kills: count });
const { kills, inDoubt, executed } = countKills(run);
const seconds = (performance.now() - start) / 1_000;
console.log(`${options.store}, ${options.mode}, seed ${options.seed}: ${kills} kills in ${seconds.toFixed(0)} s`);
console.log(`${inDoubt} of them left operations in doubt, ${executed} such that were executed`);
const sound = printRun(run);
process.exitCode = sound && inDoubt >= 0.1 * kills && executed >= 0.03 * kills ? 0 : 1;
