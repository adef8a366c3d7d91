/** Looks a host up and hands on only addresses that may be connected to. */
import { lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';

import type { Reach } from '../settings.ts';
import { mayReach } from './address.ts';

/** Where a request was to go is no place for it; nothing was connected to. */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused';
}

/**
 * For the connection itself: what it connects to is what was checked here, without asking again. One address that may
 * not be connected to refuses them all, since a name that leads inside and outside at once is not to be trusted.
 */
export function checkedLookup(reach: Reach): LookupFunction {
  return (host, options, callback) => {
    lookup(host, { ...options, all: true }, (error, found) => {
      const [first] = found ?? [];
      if (error) callback(error, []);
      else if (first === undefined || !found.every(({ address }) => mayReach(reach, address)))
        callback(new AddressRefused(`${host} leads to an address that may not be connected to`), []);
      else if (options.all === true) callback(null, found);
      else callback(null, first.address, first.family);
    });
  };
}
