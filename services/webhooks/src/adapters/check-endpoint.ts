import type { AddressRules } from '../domain/address.ts';
import { readEndpointUrl } from '../domain/endpoint-url.ts';
import { resolveHost } from './resolve-host.ts';

/** @returns why a URL cannot be an endpoint, by its form or by the addresses that its host has now; undefined where it can */
export async function checkEndpoint(text: string, rules: AddressRules): Promise<string | undefined> {
  const read = readEndpointUrl(text, rules);
  if (read.outcome === 'refused') return read.reason;
  const resolved = await resolveHost(read.url.hostname, rules);
  return resolved.outcome === 'resolved' ? undefined : resolved.reason;
}
