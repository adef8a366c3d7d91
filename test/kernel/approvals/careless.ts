/** SQLite, but a yes is good for any number of calls: what the tests of single use have to find. */
import { randomUUID } from 'node:crypto';

import { sqlite } from '../../../templates/kernel/idempotency/sqlite.ts';
import type { StoreKind } from '../../../templates/kernel/idempotency/store.ts';

export const careless: StoreKind = {
  ...sqlite,
  open: async (address, retentionMs) => {
    const store = await sqlite.open(address, retentionMs);
    return {
      ...store,
      begin: (claim) => {
        const isAgreed = claim.approval !== null && claim.approval.consent !== null;
        return store.begin(isAgreed ? { ...claim, key: randomUUID(), approval: null } : claim);
      },
    };
  },
};
