/** SQLite as a server's store. */
import { join } from 'node:path';

import { openSqliteStore } from './sqlite-store.ts';
import type { StoreKind } from './store.ts';

const VARIABLE = 'MCP_STORE_PATH';

export const sqlite: StoreKind = {
  variable: [VARIABLE, 'the file that operations are kept in; unset: data/<server>.sqlite'],
  locate: ({ name }, environment) => {
    // Beside the project and not where the process was started: a client may start it from anywhere.
    const path = environment.text(VARIABLE) ?? join(import.meta.dirname, '../../../data', `${name}.sqlite`);
    return { address: () => path, shown: path, remedy: `Set ${VARIABLE} to a file that can be written.` };
  },
  open: async (path, retentionMs) => openSqliteStore({ path, retentionMs }),
};
