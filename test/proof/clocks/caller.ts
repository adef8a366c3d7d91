/**
 * A process of a server: calls its tool on the store at argv[2], for a customer who is written to once an hour.
 * The effect is a line in the file at argv[3]. Prints `Said`.
 */
import { appendFileSync } from 'node:fs';

import { openSqliteStore } from '../../../templates/kernel/idempotency/sqlite-store.ts';
import { claimOf, type Said } from './claim.ts';
import { followUpCaller } from './server.ts';

const [path = '', effects = ''] = process.argv.slice(2);
const store = openSqliteStore({ path, retentionMs: 86_400_000 });
const occurrence = { every: 'hour', timezone: 'UTC' } as const;
const call = followUpCaller({ store, occurrence, effect: () => appendFileSync(effects, 'sent\n') });
const said: Said = {
  now: Date.now(),
  ended: await call(),
  claimed: (await store.begin(claimOf('claimed'))).kind,
  sent: (await store.begin(claimOf('sent'))).kind,
};
process.stdout.write(JSON.stringify(said));
await store.close();
