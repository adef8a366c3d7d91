/** The stores that survive a process, and why one of them is not tested here, as a title says it. */
import { postgresMissing, redisMissing } from '../kernel/idempotency/services.ts';
import type { StoreName } from './manifest.ts';

export const STORES: readonly { readonly store: StoreName; readonly missing: string }[] = [
  { store: 'sqlite', missing: '' },
  { store: 'postgres', missing: postgresMissing },
  { store: 'redis', missing: redisMissing },
];
