/**
 * Kills the server that operations are kept in while they are written, and starts it again. Exits with 1 where anything
 * happened twice or was lost.
 *
 *     npm run proof:restart -- --store postgres|redis [--restarts 50] [--seed 1]
 */
import { countRefused, runWithRestarts } from '../../test/crash/restarts.ts';
import { readOptions } from './options.ts';
import { printRun } from './print-run.ts';

const { count, store, ...options } = readOptions(['restarts', 50]);
if (store === 'sqlite') throw new Error('SQLite has no server: give --store postgres or --store redis');
const start = performance.now();
const run = await runWithRestarts({ ...options, store, restarts: count });
const seconds = (performance.now() - start) / 1_000;
console.log(`${store}, seed ${options.seed}: ${run.counts} restarts in ${seconds.toFixed(0)} s`);
console.log(`${countRefused(run)} calls were refused because the store did not answer`);
process.exitCode = printRun(run) ? 0 : 1;
