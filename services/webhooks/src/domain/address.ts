import { BlockList, isIP } from 'node:net';

/** What a stage allows beyond the public internet. */
export interface AddressRules {
  /** 127.0.0.0/8 and ::1, for the local platform and tests. */
  readonly loopback: boolean;
}

type Block = readonly [network: string, prefix: number];

/**
 * Every block of IANA's registry, also the few that are globally reachable, since none of them is for customers' servers:
 * https://www.iana.org/assignments/iana-ipv4-special-registry (as of 2025-10-09). Then multicast (RFC 5771), and Azure's
 * own services at a public address: https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16
 */
const ipv4Blocks: Readonly<Record<string, readonly Block[]>> = {
  loopback: [['127.0.0.0', 8]],
  private: [
    ['10.0.0.0', 8],
    ['172.16.0.0', 12],
    ['192.168.0.0', 16],
  ],
  'link-local': [['169.254.0.0', 16]],
  shared: [['100.64.0.0', 10]],
  documentation: [
    ['192.0.2.0', 24],
    ['198.51.100.0', 24],
    ['203.0.113.0', 24],
  ],
  benchmarking: [['198.18.0.0', 15]],
  multicast: [['224.0.0.0', 4]],
  reserved: [
    ['0.0.0.0', 8],
    ['168.63.129.16', 32],
    ['192.0.0.0', 24],
    ['192.31.196.0', 24],
    ['192.52.193.0', 24],
    ['192.88.99.0', 24],
    ['192.175.48.0', 24],
    ['240.0.0.0', 4],
  ],
};

/**
 * https://www.iana.org/assignments/iana-ipv6-special-registry (as of 2025-10-09): its blocks within 2000::/3, and those
 * that deserve their own name. All else outside of 2000::/3 is refused without a list.
 */
const ipv6Blocks: Readonly<Record<string, readonly Block[]>> = {
  loopback: [['::1', 128]],
  private: [
    ['fc00::', 7],
    ['fec0::', 10],
  ],
  'link-local': [['fe80::', 10]],
  documentation: [
    ['2001:db8::', 32],
    ['3fff::', 20],
  ],
  multicast: [['ff00::', 8]],
  '6to4': [['2002::', 16]],
  // 2001::/23 has Teredo, benchmarking, ORCHID and drones' tags, 2620:4f:8000::/48 answers for AS112.
  reserved: [
    ['2001::', 23],
    ['2620:4f:8000::', 48],
  ],
};

/** Prefixes of 96 bits before an IPv4 address: mapped (RFC 4291, section 2.5.5.2) and translated by NAT64 (RFC 6052). */
const embeddingPrefixes = ['::ffff:', '64:ff9b::'];

const refused = new Map<string, BlockList>();
for (const [reason, blocks] of Object.entries(ipv4Blocks)) {
  for (const [network, prefix] of blocks) {
    listFor(reason).addSubnet(network, prefix, 'ipv4');
    for (const before of embeddingPrefixes) listFor(reason).addSubnet(before + network, 96 + prefix, 'ipv6');
  }
}
for (const [reason, blocks] of Object.entries(ipv6Blocks)) {
  for (const [network, prefix] of blocks) listFor(reason).addSubnet(network, prefix, 'ipv6');
}

/** The only IPv6 addresses that reach the public internet: global unicast (RFC 4291), and IPv4 within. */
const public6 = new BlockList();
public6.addSubnet('2000::', 3, 'ipv6');
for (const before of embeddingPrefixes) public6.addSubnet(`${before}0.0.0.0`, 96, 'ipv6');

function listFor(reason: string): BlockList {
  const list = refused.get(reason) ?? new BlockList();
  refused.set(reason, list);
  return list;
}

/**
 * Why no connection may be made to an address, as an adjective: `private`, `link-local`, `malformed`.
 *
 * @param address as text, without brackets; with a zone id (`fe80::1%eth0`) it is malformed
 * @returns undefined for an address of the public internet
 */
export function refusedAddress(address: string, rules: AddressRules): string | undefined {
  const version = address.includes('%') ? 0 : isIP(address);
  if (version === 0) return 'malformed';
  const family = version === 4 ? 'ipv4' : 'ipv6';
  for (const [reason, blocks] of refused) {
    if (blocks.check(address, family)) return reason === 'loopback' && rules.loopback ? undefined : reason;
  }
  return family === 'ipv4' || public6.check(address, family) ? undefined : 'reserved';
}
