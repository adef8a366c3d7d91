/** A process that claims 25 keys of its own under one cap of 10, and prints how many it got. */
import { openNamedStore } from './open-named-store.ts';
import { claimOf } from './samples.ts';

const [name, place, prefix] = process.argv.slice(2);

process.stdout.write('opening\n');
const store = await openNamedStore(name, place, prefix);
const caps = [{ counter: 'run', window: 'run', limit: 10 }] as const;
let claimed = 0;
for (let count = 0; count < 25; count += 1) {
  const key = `${process.pid}-${count}`;
  const { kind } = await store.begin(claimOf({ id: `op_${key}`, key, caps }));
  if (kind === 'claimed') claimed += 1;
}
await store.close();
process.stdout.write(`${claimed}\n`);
