import { isIP } from 'node:net';
import { type AddressRules, refusedAddress } from './address.ts';

type EndpointUrl =
  | { readonly outcome: 'accepted'; readonly url: URL }
  | { readonly outcome: 'refused'; readonly reason: string };

const maxLength = 2_048;

/** Labels of letters, digits, hyphens and underscores (RFC 1035, section 2.3.1), at least two of them. */
const publicName =
  /^(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** RFC 6762 (local), RFC 8375 (home.arpa), ICANN's reservation of 2024 for private use (internal). */
const privateName = /(^|\.)(internal|local|home\.arpa)$/;

const loopbackName = /(^|\.)localhost$/;

/**
 * Reads the URL of an endpoint, and refuses what cannot be one on the public internet. Pure: whether its name leads to a
 * private address is asked before each attempt at delivery.
 *
 * @param text at most 2,048 characters of visible ASCII; hosts in other scripts as Punycode
 * @returns the URL as WHATWG normalises it, without a dot at the end of the host; or a sentence for the endpoint's owner
 */
export function readEndpointUrl(text: string, rules: AddressRules): EndpointUrl {
  if (text.length > maxLength) return refused('The URL is longer than 2,048 characters');
  if (!/^[\x21-\x7e]*$/.test(text)) return refused('The URL has characters that are not visible ASCII');
  if (!/^https?:\/\//i.test(text)) return refused('The URL does not begin with https://');
  if (!URL.canParse(text)) return refused('The URL has no valid host or port');
  // WHATWG reads decimal, octal, hexadecimal and short addresses as what they mean: https://url.spec.whatwg.org/#host-parsing
  const url = new URL(text);
  url.hostname = url.hostname.replace(/\.$/, '');
  const reason = refusedParts(url) ?? refusedHost(hostOf(url), rules) ?? refusedScheme(url, rules);
  return reason === undefined ? { outcome: 'accepted', url } : refused(reason);
}

const refused = (reason: string): EndpointUrl => ({ outcome: 'refused', reason });

/** The host as a name, or as an address without the brackets of IPv6. */
export const hostOf = ({ hostname }: Pick<URL, 'hostname'>): string => hostname.replace(/^\[|\]$/g, '');

function refusedParts({ href, username, password }: URL): string | undefined {
  if (href.length > maxLength) return 'The URL is longer than 2,048 characters';
  if (username !== '' || password !== '') return 'The URL has a user name or a password';
  // An empty fragment is no `hash`.
  if (href.includes('#')) return 'The URL has a fragment (#)';
  return undefined;
}

function refusedHost(host: string, rules: AddressRules): string | undefined {
  if (isIP(host) !== 0) {
    const reason = refusedAddress(host, rules);
    return reason && `The host ${host} is a ${reason} address`;
  }
  if (loopbackName.test(host)) return rules.loopback ? undefined : `The host ${host} is a loopback name`;
  if (privateName.test(host)) return `The host ${host} is a name of private networks`;
  return publicName.test(host) ? undefined : `The host ${host} is no name of the public internet`;
}

function refusedScheme(url: URL, rules: AddressRules): string | undefined {
  if (url.protocol === 'https:' || (rules.loopback && isLoopback(hostOf(url)))) return undefined;
  return 'The URL does not begin with https://';
}

const isLoopback = (host: string): boolean =>
  loopbackName.test(host) || refusedAddress(host, { loopback: false }) === 'loopback';
