/** Where the Redis is, and what its keys begin with. */
import { locateByUrl } from '../config/store-url.ts';

export const locateRedis = locateByUrl('the URL of a Redis');

/** The braces keep all keys on one node of a cluster. */
export const DEFAULT_PREFIX = '{hardened-mcp}:';

/** `?prefix=` keeps the keys of servers apart that share one Redis. */
export function prefixIn(url: string): string {
  return (URL.canParse(url) ? new URL(url).searchParams.get('prefix') : null) ?? DEFAULT_PREFIX;
}
