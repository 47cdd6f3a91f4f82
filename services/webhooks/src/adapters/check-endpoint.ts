import { setTimeout } from 'node:timers/promises';
import type { AddressRules } from '../domain/address.ts';
import { readEndpointUrl } from '../domain/endpoint-url.ts';
import { type LookupAll, resolveHost } from './resolve-host.ts';

/** A caller gets an answer within three seconds, whatever the name server of the host does. */
const lookupMs = 2_000;

/** @returns why a URL cannot be an endpoint, by its form or by the addresses that its host has now; undefined where it can */
export async function checkEndpoint(
  text: string,
  rules: AddressRules,
  lookup?: LookupAll,
): Promise<string | undefined> {
  const read = readEndpointUrl(text, rules);
  if (read.outcome === 'refused') return read.reason;
  const { hostname } = read.url;
  const ending = new AbortController();
  const late = setTimeout(lookupMs, `${hostname} could not be looked up in time`, { signal: ending.signal });
  const refused = resolveHost(hostname, rules, lookup).then((host) =>
    host.outcome === 'resolved' ? undefined : host.reason,
  );
  try {
    return await Promise.race([refused, late]);
  } finally {
    ending.abort();
  }
}
