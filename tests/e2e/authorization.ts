import { tokenSource } from '@orderly/local/issuer';
import { isDeployed, localPlatform } from './platform.ts';

/** Every scope that a route asks for. */
const allScopes = 'orders:write orders:read orders:admin inventory:write inventory:read notifications:read';

const tokens = new Map<string, () => Promise<string>>();

/** The header that says who asks, by default somebody who may do everything; none where the platform is open. */
export async function authorization(
  sub = 'e2e',
  scope = allScopes,
): Promise<Readonly<Record<string, string>>> {
  const token = await tokenOf(sub, scope);
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}

function tokenOf(sub: string, scope: string): Promise<string> | string | undefined {
  if (isDeployed()) return process.env.ORDERLY_E2E_TOKEN;
  const { issuer } = localPlatform();
  if (issuer === undefined) return undefined;
  const key = `${sub} ${scope}`;
  const token = tokens.get(key) ?? tokenSource(issuer, { sub, scope });
  tokens.set(key, token);
  return token();
}
