/** The addresses that a URL of the configuration may lead to. */
import type { Reach } from '../settings.ts';
import { isLoopback } from './loopback.ts';

/** A URL that names this machine means this machine and nothing else. */
export function reachOf(addresses: 'private' | undefined, { hostname }: URL): Reach {
  return isLoopback(hostname) ? 'this-machine' : (addresses ?? 'public');
}
