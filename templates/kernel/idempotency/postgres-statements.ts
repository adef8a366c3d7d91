/** Everything that is asked of the tables in PostgreSQL. */
import { PAGE } from './list-pages.ts';

const OPERATIONS = 'hardened_mcp_operations';
const COUNTERS = 'hardened_mcp_counters';
const OUTBOX = 'hardened_mcp_outbox';
const EPOCHS = 'hardened_mcp_epochs';

const MOMENT = `
  FLOOR(EXTRACT(EPOCH FROM clock_timestamp()) * 1000) AS now,
  CASE WHEN is_called THEN last_value ELSE 0 END AS last_fence,
  held`;

const MOMENTS = `hardened_mcp_fences, ${EPOCHS}`;

/** Rows that somebody else is at work on are left to the next time, so that nobody waits and nothing deadlocks. */
const skipLocked = (table: string, column: string, condition: string) =>
  `DELETE FROM ${table} WHERE ${column} IN
   (SELECT ${column} FROM ${table} WHERE ${condition} FOR UPDATE SKIP LOCKED)`;

export const statements = {
  /** The first lock holds off whoever ends or begins a hold; the second is on the key, which may have no row yet. */
  lockKey: `SELECT pg_advisory_xact_lock_shared(hashtext('${EPOCHS}')),
            pg_advisory_xact_lock(hashtextextended($1, 0))`,
  lockEpoch: `SELECT pg_advisory_xact_lock(hashtext('${EPOCHS}'))`,
  moment: `SELECT ${MOMENT} FROM ${MOMENTS}`,
  byKey: `SELECT * FROM ${OPERATIONS} WHERE key = $1 FOR UPDATE`,
  lookByKey: `SELECT ${MOMENT}, operations.* FROM ${MOMENTS}
              LEFT JOIN ${OPERATIONS} AS operations ON operations.key = $1`,
  lookById: `SELECT ${MOMENT}, operations.* FROM ${MOMENTS}
             LEFT JOIN ${OPERATIONS} AS operations ON operations.id = $1`,
  byShelf: `SELECT * FROM ${OPERATIONS} WHERE shelf = $1 AND starts_with(id, $2) AND (updated_at, id) < ($3, $4)
            ORDER BY updated_at DESC, id DESC LIMIT ${PAGE}`,
  drawFence: `SELECT nextval('hardened_mcp_fences') AS fence`,
  put: (columns: readonly string[]) =>
    `INSERT INTO ${OPERATIONS} (${columns.join(', ')})
     VALUES (${columns.map((_, index) => `$${index + 1}`).join(', ')})
     ON CONFLICT (key) DO UPDATE SET ${columns.map((column) => `${column} = excluded.${column}`).join(', ')}`,
  /** Changes no row where the counter is full: PostgreSQL waits for others here, and looks again. */
  raiseCounter: `INSERT INTO ${COUNTERS} AS counters SELECT $1, 1, $3 WHERE $2::BIGINT > 0
                 ON CONFLICT (name) DO UPDATE SET count = counters.count + 1, expires_at = excluded.expires_at
                 WHERE counters.count < $2::BIGINT`,
  lowerCounter: `UPDATE ${COUNTERS} SET count = count - 1 WHERE name = $1 AND count > 0`,
  removeCounters: skipLocked(COUNTERS, 'name', 'expires_at <= $1 LIMIT $2'),
  removeFinished: skipLocked(
    OPERATIONS,
    'key',
    `(shelf IS NULL OR shelf = 'waiting') AND updated_at <= $1
     AND (stands_until IS NULL OR stands_until <= $2) AND starts_with(id, $3) LIMIT $4`,
  ),
  removeFailed: skipLocked(OPERATIONS, 'key', `shelf = 'failed' AND updated_at <= $1 AND starts_with(id, $2) LIMIT $3`),
  putEntry: `INSERT INTO ${OUTBOX} VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING`,
  entries: `SELECT id, text FROM ${OUTBOX} WHERE at <= $1 AND starts_with(id, $2) ORDER BY at LIMIT 100`,
  removeEntries: skipLocked(OUTBOX, 'id', 'id = ANY($1::TEXT[])'),
  hold: `UPDATE ${EPOCHS} SET number = number + CASE WHEN $1::BOOLEAN THEN 1 ELSE 0 END, held = $1::BOOLEAN
         RETURNING number, held`,
} as const;
