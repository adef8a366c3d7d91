/** Where the SQLite file is. */
import { join } from 'node:path';

import type { Environment } from '../config/environment.ts';
import type { StorePlace } from '../settings.ts';
import type { ServerDeclaration } from '../tool.ts';

export const STORE_PATH = 'MCP_STORE_PATH';

export function locateSqlite({ name }: Pick<ServerDeclaration, 'name'>, environment: Environment): StorePlace {
  // Beside the project and not where the process was started: a client may start it from anywhere.
  const path = environment.text(STORE_PATH) ?? join(import.meta.dirname, '../../../data', `${name}.sqlite`);
  return { address: () => path, shown: path, remedy: `Set ${STORE_PATH} to a file that can be written.` };
}
