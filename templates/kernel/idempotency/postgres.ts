/** PostgreSQL as a server's store. */
import { locateByUrl, STORE_URL } from '../config/store-url.ts';
import { openPostgresStore } from './postgres-store.ts';
import type { StoreKind } from './store.ts';

export const postgres: StoreKind = {
  variable: [`${STORE_URL} or ${STORE_URL}_FILE`, 'the PostgreSQL database that operations are kept in'],
  locate: locateByUrl('the URL of a PostgreSQL database'),
  open: (url, retentionMs) => openPostgresStore({ url, retentionMs }),
};
