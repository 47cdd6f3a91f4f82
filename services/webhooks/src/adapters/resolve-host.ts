import { lookup as lookupAddresses } from 'node:dns/promises';
import { isIP } from 'node:net';
import { type AddressRules, refusedAddress } from '../domain/address.ts';
import { hostOf } from '../domain/endpoint-url.ts';

/** All addresses of a name, as `lookup` of node:dns/promises returns them. */
export type LookupAll = (
  hostname: string,
) => Promise<readonly { readonly address: string; readonly family: number }[]>;

type Resolved =
  | { readonly outcome: 'resolved'; readonly addresses: Awaited<ReturnType<LookupAll>> }
  /** One of its addresses is not for us. */
  | { readonly outcome: 'refused'; readonly reason: string }
  /** It has no address, or none can be found out now. */
  | { readonly outcome: 'unknown'; readonly reason: string };

/**
 * One question at a time for each name. getaddrinfo occupies a thread until it ends, two at most at once: a name server
 * that does not answer would otherwise keep all other names waiting, AWS's too.
 * https://nodejs.org/api/dns.html#implementation-considerations
 */
export function sharingLookup(lookup: LookupAll): LookupAll {
  const pending = new Map<string, ReturnType<LookupAll>>();
  return (hostname) => {
    const shared = pending.get(hostname) ?? lookup(hostname).finally(() => void pending.delete(hostname));
    pending.set(hostname, shared);
    return shared;
  };
}

const lookupAll = sharingLookup((hostname) => lookupAddresses(hostname, { all: true }));

/**
 * The addresses of a host that may be connected to: all of them, or none. Connect to these, since the name may have
 * others a moment later.
 *
 * @param hostname a name or an address, as URL's `hostname`
 */
export async function resolveHost(
  hostname: string,
  rules: AddressRules,
  lookup: LookupAll = lookupAll,
): Promise<Resolved> {
  const host = hostOf({ hostname });
  const family = isIP(host);
  let addresses: Awaited<ReturnType<LookupAll>>;
  try {
    addresses = family === 0 ? await lookup(host) : [{ address: host, family }];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOTFOUND') {
      return { outcome: 'unknown', reason: `${host} could not be looked up` };
    }
    addresses = [];
  }
  if (addresses.length === 0) return { outcome: 'unknown', reason: `${host} has no address` };
  for (const { address } of addresses) {
    const reason = refusedAddress(address, rules);
    if (reason !== undefined) return { outcome: 'refused', reason: `${host} has a ${reason} address` };
  }
  return { outcome: 'resolved', addresses };
}
