/** A process that opens the store named by argv[2] at argv[3], claims one key, and prints what it got. */
import { openPostgresStore } from '../../../templates/kernel/idempotency/postgres-store.ts';
import { openRedisStore } from '../../../templates/kernel/idempotency/redis-store.ts';
import { openSqliteStore } from '../../../templates/kernel/idempotency/sqlite-store.ts';
import { claimOf } from './samples.ts';

const [name, place = '', prefix = ''] = process.argv.slice(2);
const retentionMs = 86_400_000;

function open() {
  if (name === 'postgres') return openPostgresStore({ url: place, retentionMs });
  if (name === 'redis') return openRedisStore({ url: place, prefix, retentionMs });
  return openSqliteStore({ path: place, retentionMs });
}

process.stdout.write('opening\n');
const store = await open();
const { kind } = await store.begin(claimOf({ id: `op_${process.pid}` }));
await store.close();
process.stdout.write(`${kind}\n`);
