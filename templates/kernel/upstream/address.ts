/** Which addresses a request may leave for. What an upstream's name leads to is decided by DNS, so it is checked. */
import { isIP } from 'node:net';

import ipaddr from 'ipaddr.js';

import type { Reach } from '../settings.ts';

/** `never`: no upstream is there; e.g. link-local, multicast, reserved, and where clouds hand out credentials. */
export type AddressKind = 'public' | 'this-machine' | 'private' | 'never';

/** An address as `URL.hostname` and DNS write it; a zone id (`fe80::1%eth0`) changes nothing. */
export function kindOf(address: string): AddressKind {
  if (isIP(address) === 0) return 'never';
  const parsed = withoutTranslation(ipaddr.parse(address));
  if (METADATA.has(parsed.toNormalizedString())) return 'never';
  const range = parsed.range();
  if (range === 'loopback') return 'this-machine';
  if (range === 'private' || range === 'uniqueLocal' || range === 'carrierGradeNat') return 'private';
  return range === 'unicast' && isAllocated(parsed) ? 'public' : 'never';
}

export function mayReach(reach: Reach, address: string): boolean {
  return REACHES[reach].includes(kindOf(address));
}

const REACHES: Readonly<Record<Reach, readonly AddressKind[]>> = {
  public: ['public'],
  'this-machine': ['this-machine'],
  private: ['public', 'this-machine', 'private'],
};

/** The address that a URL names itself, so that no name is looked up; `undefined` for a name. */
export function addressIn({ hostname }: URL): string | undefined {
  const address = hostname.replace(/^\[(.*)\]$/, '$1');
  return isIP(address) === 0 ? undefined : address;
}

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** NAT64 (RFC 6052): a network without IPv4 writes every IPv4 address so. */
const NAT64 = ipaddr.IPv6.parse('64:ff9b::');

/** The IPv4 address that an IPv6 address only stands for. 6to4 and Teredo are no more in use, so they stay what they are. */
function withoutTranslation(address: Address): Address {
  if (!isIpv6(address)) return address;
  if (address.isIPv4MappedAddress()) return address.toIPv4Address();
  return address.match(NAT64, 96) ? new ipaddr.IPv4(address.toByteArray().slice(12)) : address;
}

/** Of IPv6 only 2000::/3 is given out to anybody; of the rest, what has no name yet is not public. */
function isAllocated(address: Address): boolean {
  return !isIpv6(address) || address.match(ipaddr.IPv6.parse('2000::'), 3);
}

function isIpv6(address: Address): address is ipaddr.IPv6 {
  return address.kind() === 'ipv6';
}

/** Where clouds answer with a machine's credentials, outside the link-local range. */
const METADATA = new Set(
  [
    '100.100.100.200', // Alibaba
    '168.63.129.16', // Azure
    'fd00:42::42', // Scaleway
    'fd00:c1::a9fe:a9fe', // Oracle
    'fd00:ec2::254', // AWS
    'fd20:ce::254', // Google
  ].map((address) => ipaddr.parse(address).toNormalizedString()),
);
