/**
 * Breaks the exchange of a generated server with its upstream at every byte of request and reply. Exits with 1 where
 * what is told differs from what happened.
 *
 *     npm run proof:network -- [--store sqlite] [--mode quarantine|natural|keyed|lookup] [--step 1]
 */
import { runOverFaultyLink } from '../../test/crash/network.ts';
import { readOptions } from './options.ts';
import { printRun } from './print-run.ts';

const { count: step, ...options } = readOptions(['step', 1]);
const start = performance.now();
const run = await runOverFaultyLink({ ...options, step });
const seconds = (performance.now() - start) / 1_000;
console.log(`${options.store}, ${options.mode}: ${run.counts} broken exchanges in ${seconds.toFixed(0)} s`);
process.exitCode = printRun(run) ? 0 : 1;
