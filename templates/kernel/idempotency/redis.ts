/** Redis or Valkey as a server's store. */
import { locateByUrl, STORE_URL } from '../config/store-url.ts';
import { openRedisStore } from './redis-store.ts';
import type { StoreKind } from './store.ts';

export const redis: StoreKind = {
  variable: [`${STORE_URL} or ${STORE_URL}_FILE`, 'the Redis that operations are kept in'],
  locate: locateByUrl('the URL of a Redis'),
  open: (url, retentionMs) => openRedisStore({ url, retentionMs, ...prefixIn(url) }),
};

/** `?prefix=` keeps the keys of servers apart that share one Redis. */
function prefixIn(url: string): { readonly prefix?: string } {
  const prefix = URL.canParse(url) ? new URL(url).searchParams.get('prefix') : null;
  return prefix === null ? {} : { prefix };
}
