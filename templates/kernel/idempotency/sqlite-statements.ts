/** Everything that is asked of the SQLite file. */
import type { DatabaseSync } from 'node:sqlite';

import { PAGE } from './list-pages.ts';

const COLUMNS = (
  'key id fingerprint tool subject tenant state shelf stands_until fence ' +
  'lease_until created_at updated_at outcome details'
).split(' ');

/** One bound value: what the id has to begin with. */
const BEGINS_WITH = 'instr(id, ?) = 1';

export function prepareStatements(database: DatabaseSync) {
  const prepare = (statement: string) => database.prepare(statement);
  return {
    now: prepare("SELECT CAST(unixepoch('subsec') * 1000 AS INTEGER) AS now"),
    byKey: prepare('SELECT * FROM operations WHERE key = ?'),
    byId: prepare('SELECT * FROM operations WHERE id = ?'),
    byShelf: prepare(
      `SELECT * FROM operations WHERE shelf = ? AND ${BEGINS_WITH} AND (updated_at, id) < (?, ?)
       ORDER BY updated_at DESC, id DESC LIMIT ${PAGE}`,
    ),
    put: prepare(
      `INSERT INTO operations (${COLUMNS.join(', ')}) VALUES (${COLUMNS.map((column) => `:${column}`).join(', ')})
       ON CONFLICT (key) DO UPDATE SET ${COLUMNS.map((column) => `${column} = excluded.${column}`).join(', ')}`,
    ),
    lastFence: prepare('SELECT last FROM fences'),
    raiseFence: prepare('UPDATE fences SET last = max(last, ?)'),
    epoch: prepare('SELECT number, held FROM epochs'),
    hold: prepare('UPDATE epochs SET number = number + ?1, held = ?1 RETURNING number, held'),
    removeFinished: prepare(
      `DELETE FROM operations WHERE key IN
       (SELECT key FROM operations WHERE (shelf IS NULL OR shelf = 'waiting') AND updated_at <= ?
        AND (stands_until IS NULL OR stands_until <= ?) AND ${BEGINS_WITH} LIMIT ?)`,
    ),
    removeFailed: prepare(
      `DELETE FROM operations WHERE key IN
       (SELECT key FROM operations WHERE shelf = 'failed' AND updated_at <= ? AND ${BEGINS_WITH} LIMIT ?)`,
    ),
    countOf: prepare('SELECT count FROM counters WHERE name = ?'),
    raiseCounter: prepare(
      `INSERT INTO counters VALUES (:name, 1, :expiresAt)
       ON CONFLICT (name) DO UPDATE SET count = count + 1, expires_at = excluded.expires_at`,
    ),
    lowerCounter: prepare('UPDATE counters SET count = count - 1 WHERE name = ? AND count > 0'),
    removeCounters: prepare('DELETE FROM counters WHERE expires_at <= ?'),
    putEntry: prepare('INSERT OR IGNORE INTO outbox VALUES (:id, :at, :text)'),
    entries: prepare(`SELECT id, text FROM outbox WHERE at <= ? AND ${BEGINS_WITH} ORDER BY at LIMIT 100`),
    removeEntry: prepare('DELETE FROM outbox WHERE id = ?'),
  };
}
