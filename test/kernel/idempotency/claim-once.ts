/** A process that opens the store named by argv[2] at argv[3], claims one key, and prints what it got. */
import { openNamedStore } from './open-named-store.ts';
import { claimOf } from './samples.ts';

const [name, place, prefix] = process.argv.slice(2);

process.stdout.write('opening\n');
const store = await openNamedStore(name, place, prefix);
const { kind } = await store.begin(claimOf({ id: `op_${process.pid}` }));
await store.close();
process.stdout.write(`${kind}\n`);
