import { tokenSource } from '@orderly/local/issuer';
import { isDeployed, localPlatform } from './platform.ts';

/** Every scope that a route asks for. */
const allScopes = [
  'orders:write orders:read orders:admin inventory:write inventory:read notifications:read',
  'webhooks:write webhooks:read',
].join(' ');

const sources = new Map<string, () => Promise<string>>();

/** What gives the token of somebody, by default of one who may do everything; undefined where the platform is open. */
export function tokenFor(sub = 'e2e', scope = allScopes): string | (() => Promise<string>) | undefined {
  if (isDeployed()) return process.env.ORDERLY_E2E_TOKEN;
  const { issuer } = localPlatform();
  if (issuer === undefined) return undefined;
  const key = `${sub} ${scope}`;
  const source = sources.get(key) ?? tokenSource(issuer, { sub, scope });
  sources.set(key, source);
  return source;
}

/** The header that carries such a token; none where the platform is open. */
export async function authorization(sub?: string, scope?: string): Promise<Readonly<Record<string, string>>> {
  const source = tokenFor(sub, scope);
  const token = typeof source === 'function' ? await source() : source;
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}
