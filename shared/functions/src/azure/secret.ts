import * as v from 'valibot';
import { environment, text } from '../env.ts';
import { callService, ServiceError } from '../portable/call.ts';
import { readOnce, type Secret } from '../read-once.ts';
import { identityToken } from './identity.ts';

const token = identityToken('https://vault.azure.net');
const Value = v.object({ value: v.string() });
const Versions = v.object({
  value: v.pipe(
    v.array(v.object({ id: v.string(), attributes: v.object({ created: v.number() }) })),
    v.minLength(1),
  ),
});

/**
 * A secret of Azure Key Vault. It is read at once, while the function loads.
 *
 * Environment: `KEY_VAULT_NAME`.
 *
 * @param name e.g. `/orderly/prod/smtp-url`, which is `orderly-prod-smtp-url` there
 */
export const parameterSecret = (name: string): Secret => readOnce(() => readSecret(nameInVault(name)));

/**
 * As `parameterSecret`, of a secret that the first reader creates. When several create it at once, each makes a version, and
 * all of them read the oldest.
 */
export const generatedSecret = (name: string, generate: () => string): Secret =>
  readOnce(async () => {
    const secret = nameInVault(name);
    const first = await oldestVersion(secret);
    if (first !== undefined) return readSecret(`${secret}/${first}`);
    await call('PUT', secret, { value: generate() });
    return readSecret(`${secret}/${await oldestVersion(secret)}`);
  });

/** https://learn.microsoft.com/en-us/azure/key-vault/general/about-keys-secrets-certificates#objects-identifiers-and-versioning */
const nameInVault = (name: string): string => name.replace(/^\//, '').replace(/[^0-9A-Za-z-]/g, '-');

async function oldestVersion(secret: string): Promise<string | undefined> {
  try {
    const { value: versions } = v.parse(Versions, await call('GET', `${secret}/versions`));
    const byAge = versions.toSorted(
      (a, b) => a.attributes.created - b.attributes.created || a.id.localeCompare(b.id),
    );
    return byAge[0]?.id.split('/').at(-1);
  } catch (error) {
    if (error instanceof v.ValiError || (error instanceof ServiceError && error.status === 404))
      return undefined;
    throw error;
  }
}

async function readSecret(path: string): Promise<string> {
  return v.parse(Value, await call('GET', path)).value;
}

/** https://learn.microsoft.com/en-us/rest/api/keyvault/secrets */
async function call(method: string, path: string, body?: object): Promise<unknown> {
  const env = environment({ KEY_VAULT_NAME: text });
  return callService(
    'KeyVault',
    `https://${env.KEY_VAULT_NAME}.vault.azure.net/secrets/${path}?api-version=7.4`,
    {
      method,
      headers: { authorization: `Bearer ${await token()}`, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    },
  );
}
