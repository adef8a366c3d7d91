/** A store as a process's command line names it; only its own client is loaded, because processes start often. */
import type { OperationStore } from '../../../templates/kernel/idempotency/store.ts';

const retentionMs = 86_400_000;

export async function openNamedStore(name = 'sqlite', place = '', prefix = ''): Promise<OperationStore> {
  if (name === 'postgres') {
    const { openPostgresStore } = await import('../../../templates/kernel/idempotency/postgres-store.ts');
    return openPostgresStore({ url: place, retentionMs });
  }
  if (name === 'redis') {
    const { openRedisStore } = await import('../../../templates/kernel/idempotency/redis-store.ts');
    return openRedisStore({ url: place, prefix, retentionMs });
  }
  const { openSqliteStore } = await import('../../../templates/kernel/idempotency/sqlite-store.ts');
  return openSqliteStore({ path: place, retentionMs });
}
