/** Memory as a server's store: for tests and trials. */
import { openMemoryStore } from './memory-store.ts';
import type { StoreKind } from './store.ts';

export const memory: StoreKind = {
  locate: (_, environment) => {
    // A restart would forget what was done, and do it twice.
    if (environment.text('NODE_ENV') === 'production') {
      environment.problem(
        'NODE_ENV is "production", and the memory store forgets on restart: use `idempotency: { store: sqlite }`.',
      );
    }
    return { address: () => '', shown: 'memory, until the process ends', remedy: 'Choose another store.' };
  },
  open: async (_, retentionMs) => openMemoryStore({ retentionMs }),
};
