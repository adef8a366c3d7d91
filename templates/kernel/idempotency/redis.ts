/** Redis or Valkey as a server's store. */
import { STORE_URL } from '../config/store-url.ts';
import { locateRedis, prefixIn } from './redis-place.ts';
import { openRedisStore } from './redis-store.ts';
import type { StoreKind } from './store.ts';

export const redis: StoreKind = {
  variable: [`${STORE_URL} or ${STORE_URL}_FILE`, 'the Redis that operations are kept in'],
  locate: locateRedis,
  open: (url, retentionMs) => openRedisStore({ url, retentionMs, prefix: prefixIn(url) }),
};
