/** A process that, when told to, claims 25 keys of its own under one cap of 10, and prints how many it got. */
import { once } from 'node:events';

import { openNamedStore } from './open-named-store.ts';
import { claimOf } from './samples.ts';

const [name, place, prefix] = process.argv.slice(2);

const store = await openNamedStore(name, place, prefix);
process.stdout.write('opened\n');
await once(process.stdin, 'data');
process.stdin.destroy();
const caps = [{ counter: 'run', window: 'run', limit: 10 }] as const;
let claimed = 0;
for (let count = 0; count < 25; count += 1) {
  const key = `${process.pid}-${count}`;
  const { kind } = await store.begin(claimOf({ id: `op_${key}`, key, caps }));
  if (kind === 'claimed') claimed += 1;
}
await store.close();
process.stdout.write(`${claimed}\n`);
