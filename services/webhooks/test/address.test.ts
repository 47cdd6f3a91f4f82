import fc from 'fast-check';
import { refusedAddress } from '../src/domain/address.ts';

const strict = { loopback: false };
const local = { loopback: true };

/** The first and the last address of each block, as IANA's registry and RFC 5771 have them. */
const ipv4Ranges = [
  ['0.0.0.0', '0.255.255.255', 'reserved'],
  ['10.0.0.0', '10.255.255.255', 'private'],
  ['100.64.0.0', '100.127.255.255', 'shared'],
  ['127.0.0.0', '127.255.255.255', 'loopback'],
  ['168.63.129.16', '168.63.129.16', 'reserved'],
  ['169.254.0.0', '169.254.255.255', 'link-local'],
  ['172.16.0.0', '172.31.255.255', 'private'],
  ['192.0.0.0', '192.0.0.255', 'reserved'],
  ['192.0.2.0', '192.0.2.255', 'documentation'],
  ['192.31.196.0', '192.31.196.255', 'reserved'],
  ['192.52.193.0', '192.52.193.255', 'reserved'],
  ['192.88.99.0', '192.88.99.255', 'reserved'],
  ['192.168.0.0', '192.168.255.255', 'private'],
  ['192.175.48.0', '192.175.48.255', 'reserved'],
  ['198.18.0.0', '198.19.255.255', 'benchmarking'],
  ['198.51.100.0', '198.51.100.255', 'documentation'],
  ['203.0.113.0', '203.0.113.255', 'documentation'],
  ['224.0.0.0', '239.255.255.255', 'multicast'],
  ['240.0.0.0', '255.255.255.255', 'reserved'],
] as const;

const numberOf = (address: string) => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
const dotted = (value: number) => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.');
const hexadecimal = (value: number) => `${(value >>> 16).toString(16)}:${(value & 0xffff).toString(16)}`;

const ranges = ipv4Ranges.map(([first, last, reason]) => [numberOf(first), numberOf(last), reason] as const);
const reasonOf = (value: number) => ranges.find(([first, last]) => first <= value && value <= last)?.[2];

const edges = ranges
  .flatMap(([first, last]) => [first - 1, first, last, last + 1])
  .filter((value) => value >= 0 && value < 2 ** 32);

const ipv4 = fc.oneof(fc.nat(2 ** 32 - 1), fc.constantFrom(...edges));

it.each(edges.map((value) => [dotted(value), reasonOf(value)]))(
  '%s, at the edge of a block, is refused as %s',
  (address, reason) => {
    expect(refusedAddress(address, strict)).toBe(reason);
  },
);

it('an IPv4 address is refused if it is in a block, also where IPv6 embeds it', () => {
  fc.assert(
    fc.property(
      ipv4,
      fc.constantFrom('::ffff:', '0:0:0:0:0:FFFF:', '64:ff9b::', '64:FF9B:0:0::'),
      (value, before) => {
        const reason = reasonOf(value);
        expect(refusedAddress(dotted(value), strict)).toBe(reason);
        expect(refusedAddress(before + dotted(value), strict)).toBe(reason);
        expect(refusedAddress(before + hexadecimal(value), strict)).toBe(reason);
      },
    ),
  );
});

it.each([
  ['::', 'reserved'],
  ['::1', 'loopback'],
  ['0:0:0:0:0:0:0:1', 'loopback'],
  ['::2', 'reserved'],
  // Compatible with IPv4 (RFC 4291, section 2.5.5.1), and translated (RFC 2765): neither is in use.
  ['::127.0.0.1', 'reserved'],
  ['::8.8.8.8', 'reserved'],
  ['::ffff:0:127.0.0.1', 'reserved'],
  ['::ffff:0:8.8.8.8', 'reserved'],
  ['::fffe:8.8.8.8', 'reserved'],
  ['64:ff9b::1:8.8.8.8', 'reserved'],
  ['64:ff9b:1::8.8.8.8', 'reserved'],
  ['100::', 'reserved'],
  ['100:0:0:1::', 'reserved'],
  ['1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'reserved'],
  ['2001::', 'reserved'],
  ['2001:0:a9fe:a9fe::', 'reserved'],
  ['2001:1::1', 'reserved'],
  ['2001:2::', 'reserved'],
  ['2001:10::', 'reserved'],
  ['2001:20::', 'reserved'],
  ['2001:30::', 'reserved'],
  ['2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff', 'reserved'],
  ['2001:db8::', 'documentation'],
  ['2001:db8:ffff:ffff:ffff:ffff:ffff:ffff', 'documentation'],
  ['2002::', '6to4'],
  ['2002:7f00:1::', '6to4'],
  ['2002:808:808::', '6to4'],
  ['2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff', '6to4'],
  ['2620:4f:8000::', 'reserved'],
  ['3fff::', 'documentation'],
  ['3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff', 'documentation'],
  ['4000::', 'reserved'],
  ['5f00::1', 'reserved'],
  ['fbff::', 'reserved'],
  ['fc00::', 'private'],
  // EC2's instance metadata and resolver.
  ['fd00:ec2::254', 'private'],
  ['fd00:ec2::253', 'private'],
  ['fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'private'],
  ['fe00::', 'reserved'],
  ['fe80::', 'link-local'],
  ['fe80::1', 'link-local'],
  ['febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'link-local'],
  ['fec0::', 'private'],
  ['feff::', 'private'],
  ['ff00::', 'multicast'],
  ['ff02::1', 'multicast'],
  ['ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'multicast'],
])('%s is refused as %s', (address, reason) => {
  expect(refusedAddress(address, strict)).toBe(reason);
});

it.each([
  '8.8.8.8',
  '93.184.215.14',
  '::ffff:8.8.8.8',
  '64:ff9b::808:808',
  '2000::',
  '2001:200::',
  '2001:4860:4860::8888',
  '2001:db7:ffff:ffff:ffff:ffff:ffff:ffff',
  '2001:db9::',
  '2003::',
  '2600:1f18::1',
  '2620:4f:7fff:ffff::',
  '2620:4f:8001::',
  '3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
  '3fff:1000::',
])('%s may be connected to', (address) => {
  expect(refusedAddress(address, strict)).toBeUndefined();
});

it('an IPv6 address outside of 2000::/3 is refused unless it embeds an IPv4 address', () => {
  const group = fc.nat(0xffff).map((value) => value.toString(16));
  const first = fc.oneof(fc.integer({ min: 0, max: 0x1fff }), fc.integer({ min: 0x4000, max: 0xffff }));
  const address = fc
    .tuple(first, fc.array(group, { minLength: 7, maxLength: 7 }))
    .map(([start, rest]) => [start.toString(16), ...rest].join(':'));

  fc.assert(
    fc.property(address, (text) => {
      fc.pre(!/^(0:0:0:0:0:ffff|64:ff9b:0:0:0:0):/.test(text));
      expect(refusedAddress(text, strict)).toEqual(expect.any(String));
    }),
  );
});

it.each(['127.0.0.1', '127.255.255.254', '::1', '::ffff:127.0.0.1'])(
  '%s may be connected to where the rules allow loopback',
  (address) => {
    expect(refusedAddress(address, strict)).toBe('loopback');
    expect(refusedAddress(address, local)).toBeUndefined();
  },
);

it('rules that allow loopback allow nothing else', () => {
  fc.assert(
    fc.property(ipv4, (value) => {
      const reason = reasonOf(value);
      expect(refusedAddress(dotted(value), local)).toBe(reason === 'loopback' ? undefined : reason);
    }),
  );
  expect(refusedAddress('fe80::1', local)).toBe('link-local');
  expect(refusedAddress('::', local)).toBe('reserved');
});

it.each([
  '',
  ' 8.8.8.8',
  '8.8.8.8 ',
  '8.8.8',
  '8.8.8.8.',
  '8.8.8.08',
  '0x8.8.8.8',
  '134744072',
  '8.8.8.256',
  '8.8.8.8/32',
  '[2600::1]',
  '2600::1%eth0',
  'fe80::1%eth0',
  '127.0.0.1%lo',
  '2600:::1',
  '2600::1::2',
  '2600:12345::',
  'hooks.example.com',
  '８.8.8.8',
  '8.8.8.8\0',
])('%j is refused as malformed', (address) => {
  expect(refusedAddress(address, local)).toBe('malformed');
});
