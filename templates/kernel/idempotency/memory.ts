/** Memory as a server's store: for tests and trials. */
import { openMemoryStore } from './memory-store.ts';
import type { StoreKind } from './store.ts';

export const memory: StoreKind = {
  locate: () => ({ address: () => '', shown: 'memory, until the process ends', remedy: 'Choose another store.' }),
  open: async (_, retentionMs) => openMemoryStore({ retentionMs }),
};
