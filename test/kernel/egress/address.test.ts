import { describe, expect, test } from 'vitest';

import { addressIn, kindOf, mayReach, type AddressKind } from '../../../templates/kernel/upstream/address.ts';

const KINDS: Readonly<Record<AddressKind, readonly string[]>> = {
  public: [
    '8.8.8.8',
    '1.1.1.1',
    '172.15.0.1',
    '172.32.0.1',
    '100.63.255.255',
    '192.169.0.1',
    '2606:4700::1111',
    '2a00::1',
  ],
  'this-machine': ['127.0.0.1', '127.255.255.254', '::1'],
  private: [
    '10.0.0.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '100.64.0.1',
    '100.127.255.255',
    'fc00::1',
    'fd12:3456::1',
  ],
  never: [
    '0.0.0.0',
    '0.1.2.3',
    '::',
    '169.254.169.254',
    '169.254.0.1',
    'fe80::1',
    'fe80::1%eth0',
    'fec0::1',
    '224.0.0.1',
    '239.255.255.255',
    'ff02::1',
    '255.255.255.255',
    '240.0.0.1',
    '192.0.0.192',
    '192.0.2.1',
    '198.18.0.1',
    '198.51.100.1',
    '203.0.113.1',
    '192.88.99.1',
    '2001:db8::1',
    '3fff::1',
    '100::1',
    '100.100.100.200',
    '168.63.129.16',
    'fd00:ec2::254',
    'fd00:0ec2:0::0254',
    'fd20:ce::254',
    'fd00:42::42',
    'fd00:c1::a9fe:a9fe',
    '4000::1',
    'not an address',
    '',
  ],
};

for (const kind of ['public', 'this-machine', 'private', 'never'] as const) {
  test.each(KINDS[kind])(`%s is ${kind}`, (address) => expect(kindOf(address)).toBe(kind));
}

describe('an IPv6 address that stands for an IPv4 address is what that is', () => {
  test.each([
    ['::ffff:169.254.169.254', 'never'],
    ['::ffff:a9fe:a9fe', 'never'],
    ['::ffff:100.100.100.200', 'never'],
    ['::ffff:127.0.0.1', 'this-machine'],
    ['::ffff:10.0.0.1', 'private'],
    ['::ffff:8.8.8.8', 'public'],
    ['64:ff9b::169.254.169.254', 'never'],
    ['64:ff9b::a9fe:a9fe', 'never'],
    ['64:ff9b::7f00:1', 'this-machine'],
    ['64:ff9b::10.0.0.1', 'private'],
    ['64:ff9b::8.8.8.8', 'public'],
  ] as const)('%s: %s', (address, kind) => expect(kindOf(address)).toBe(kind));

  test.each([
    ['6to4', '2002:a9fe:a9fe::1'],
    ['6to4 of a public address', '2002:808:808::1'],
    ['Teredo', '2001:0:4136:e378:8000:63bf:5601:5601'],
    ['NAT64 of a local prefix', '64:ff9b:1::a9fe:a9fe'],
    ['SIIT', '::ffff:0:169.254.169.254'],
    ['IPv4-compatible', '::169.254.169.254'],
    ['ISATAP on the link', 'fe80::5efe:169.254.169.254'],
  ])('by %s nobody is reached', (_, address) => expect(kindOf(address)).toBe('never'));
});

test.each([
  ['public', ['8.8.8.8', '2606:4700::1111']],
  ['this-machine', ['127.0.0.1', '::1']],
  ['private', ['8.8.8.8', '2606:4700::1111', '127.0.0.1', '::1', '10.0.0.1', 'fd12:3456::1', '100.64.0.1']],
] as const)('with the reach %s nothing else is connected to', (reach, allowed) => {
  const all = Object.values(KINDS).flat();
  const reached = all.filter((address) => mayReach(reach, address));
  expect(reached).toEqual(expect.arrayContaining([...allowed]));
  const kinds = new Set(reached.map(kindOf));
  expect(kinds).toEqual(new Set(allowed.map(kindOf)));
});

// What a URL makes of them is what is connected to.
const METADATA_SPELLINGS = [
  'http://169.254.169.254/',
  'http://2852039166/',
  'http://0xa9fea9fe/',
  'http://0xa9.0xfe.0xa9.0xfe/',
  'http://0251.0376.0251.0376/',
  'http://025177524776/',
  'http://169.254.43518/',
  'http://169.16689662/',
  'http://169.254.169.254./',
  'http://①⑥⑨.②⑤④.①⑥⑨.②⑤④/',
  'http://%31%36%39.254.169.254/',
  'http://169。254。169。254/',
  'http://[::ffff:169.254.169.254]/',
  'http://[::ffff:a9fe:a9fe]/',
  'http://[0:0:0:0:0:ffff:a9fe:a9fe]/',
  'http://[64:ff9b::a9fe:a9fe]/',
  'http://[2002:a9fe:a9fe::]/',
  'http://[::a9fe:a9fe]/',
  'http://[fd00:ec2::254]/',
  'http://[FD00:0EC2:0000::0254]/',
];

test.each(METADATA_SPELLINGS)('%s is the address that no reach leads to', (text) => {
  const address = addressIn(new URL(text));
  expect(address).toBeDefined();
  for (const reach of ['public', 'this-machine', 'private'] as const) {
    expect(mayReach(reach, address ?? '')).toBe(false);
  }
});

test('an address with a zone id is no URL', () => expect(URL.canParse('http://[fe80::1%25eth0]/')).toBe(false));

test('a name is no address', () => expect(addressIn(new URL('https://api.example/'))).toBeUndefined());
