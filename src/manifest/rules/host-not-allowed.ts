import { finding, type Finding } from '../finding.ts';
import { member } from '../pointer.ts';
import type { Manifest } from '../schema.ts';

/** Base URLs in the manifest whose host the same upstream does not allow. */
export function findForbiddenHosts({ upstreams = {} }: Manifest): Finding[] {
  return Object.entries(upstreams).flatMap(([name, { baseUrl, allowedHosts }]) => {
    const url = typeof baseUrl === 'string' ? URL.parse(baseUrl) : null;
    if (url === null || allowedHosts.includes(url.host) || allowedHosts.includes(url.hostname)) return [];
    const args = { host: url.host, allowed: allowedHosts };
    return [finding('host-not-allowed', member('/upstreams', name, 'baseUrl'), args)];
  });
}
