/**
 * Sends broken messages to a generated server, over stdio and over HTTP. Exits with 1 where the server ends, answers with
 * an error of its own, holds more than 256 MB or leaves a valid call unanswered, and where one that ends is not found out.
 *
 *     npm run proof:fuzz -- [--messages 100000] [--seed 1]
 */
import { parseArgs } from 'node:util';

import { fuzzHttp, fuzzStdio, TRUSTS_BODIES, type Verdict } from '../../test/robustness/fuzz.ts';
import { ERAS } from '../../test/robustness/messages.ts';

const MOST_MEMORY = 256 * 1_048_576;

const text = { type: 'string' } as const;
const { values } = parseArgs({ options: { messages: text, seed: text } });
const messages = Number(values.messages ?? 100_000);
const seed = Number(values.seed ?? 1);

async function timed(name: string, work: Promise<Verdict>): Promise<Verdict> {
  const start = performance.now();
  const verdict = await work;
  const { sent, answers, complaints, peakMemory } = verdict;
  const seconds = ((performance.now() - start) / 1_000).toFixed(0);
  console.log(`${name}: ${sent} sent in ${seconds} s, ${(peakMemory / 1_048_576).toFixed(0)} MB at most`);
  console.log(`  answers: ${JSON.stringify(answers)}`);
  for (const complaint of complaints.slice(0, 10)) console.log(`  ${complaint}`);
  return verdict;
}

const verdicts: Verdict[] = [];
for (const era of ERAS) verdicts.push(await timed(`stdio, ${era} era`, fuzzStdio({ messages, seed }, era)));
verdicts.push(await timed('HTTP', fuzzHttp({ messages, seed })));
const control = await timed('a server that breaks', fuzzHttp({ messages: 500, seed, change: TRUSTS_BODIES }));
const sound = verdicts.every(
  ({ sent, complaints, peakMemory }) => sent === messages && complaints.length === 0 && peakMemory < MOST_MEMORY,
);
process.exitCode = sound && control.complaints.length > 0 ? 0 : 1;
