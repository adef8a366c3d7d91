/** SQLite as a server's store. */
import { locateSqlite, STORE_PATH } from './sqlite-place.ts';
import { openSqliteStore } from './sqlite-store.ts';
import type { StoreKind } from './store.ts';

export const sqlite: StoreKind = {
  variable: [STORE_PATH, 'the file that operations are kept in; unset: data/<server>.sqlite'],
  locate: locateSqlite,
  open: async (path, retentionMs) => openSqliteStore({ path, retentionMs }),
};
