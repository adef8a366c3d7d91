import { finding, type Finding } from '../finding.ts';
import { member } from '../pointer.ts';
import type { Manifest } from '../schema.ts';

/** Tokens that are exchanged for those of callers, where no caller comes with one. */
export function findExchangesWithoutCaller({ auth, server, upstreams = {} }: Manifest): Finding[] {
  if (auth?.type === 'oauth' && server.transports.includes('http')) return [];
  return Object.entries(upstreams).flatMap(([name, { credential }]) =>
    credential.type === 'oauth-token-exchange'
      ? [finding('exchange-without-caller', member('/upstreams', name, 'credential', 'type'), { upstream: name })]
      : [],
  );
}
