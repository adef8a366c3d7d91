/** A process that opens the store at argv[2], claims one key, and prints what it got. */
import { openSqliteStore } from '../../../templates/kernel/idempotency/sqlite-store.ts';
import { claimOf } from './samples.ts';

process.stdout.write('opening\n');
const store = openSqliteStore({ path: process.argv[2] ?? '', retentionMs: 86_400_000 });
const { kind } = await store.begin(claimOf({ id: `op_${process.pid}` }));
await store.close();
process.stdout.write(`${kind}\n`);
