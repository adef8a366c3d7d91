/**
 * Calls a generated server from many clients with equal request ids, over HTTP, and many calls at once over stdio. Exits
 * with 1 where anybody got an answer that was not its own, and where a server that mixes answers up is not found out.
 *
 *     npm run proof:nonces -- [--clients 200] [--calls 500]
 */
import { parseArgs } from 'node:util';

import { ERAS } from '../../test/robustness/messages.ts';
import { callOverHttp, callOverStdio, SHARES_ANSWERS, type Tally } from '../../test/robustness/nonces.ts';

const text = { type: 'string' } as const;
const { values } = parseArgs({ options: { clients: text, calls: text } });
const clients = Number(values.clients ?? 200);
const calls = Number(values.calls ?? 500);

async function timed(name: string, work: Promise<Tally>): Promise<Tally> {
  const start = performance.now();
  const tally = await work;
  const seconds = (performance.now() - start) / 1_000;
  console.log(
    `${name}: ${tally.answered} answers in ${seconds.toFixed(0)} s, ${tally.mixedUp.length} of them mixed up`,
  );
  for (const line of tally.mixedUp.slice(0, 5)) console.log(`  ${line}`);
  return tally;
}

const tallies = [await timed(`${clients} clients over HTTP`, callOverHttp({ clients, calls }))];
for (const era of ERAS) {
  tallies.push(await timed(`one client over stdio, ${era} era`, callOverStdio({ calls: clients * calls, era })));
}
const control = await timed('a server that mixes them up', callOverHttp({ clients, calls: 5, change: SHARES_ANSWERS }));
const sound = tallies.every(({ answered, mixedUp }) => answered === clients * calls && mixedUp.length === 0);
process.exitCode = sound && control.mixedUp.length > 0 ? 0 : 1;
