/** The client that a handler reaches an upstream with. */
import type { UpstreamClient } from '../handler.ts';
import type { Settings } from '../settings.ts';

/** Throws where the server has no upstream of that name. */
export function connectUpstream(settings: Settings, name: string, _signal: AbortSignal): UpstreamClient {
  if (!settings.upstreams.has(name)) throw new Error(`There is no upstream named ${name}`);
  return { request: () => Promise.reject(new Error('not written yet')) };
}
