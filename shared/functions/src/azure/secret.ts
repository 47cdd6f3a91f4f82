import * as v from 'valibot';
import { environment, text } from '../env.ts';
import { callService } from '../portable/call.ts';
import { generateOnce } from '../portable/generate-once.ts';
import { ServiceError } from '../portable/service-error.ts';
import { readOnce, type Secret } from '../read-once.ts';
import { identityToken } from './identity.ts';

const token = identityToken('https://vault.azure.net');
const Value = v.object({ value: v.string() });

/**
 * A secret of Azure Key Vault, its latest version. It is read at once, while the function loads.
 *
 * Environment: `KEY_VAULT_NAME`.
 *
 * @param name e.g. `/orderly/prod/smtp-url`, which is `orderly-prod-smtp-url` there
 */
export const parameterSecret = (name: string): Secret => readOnce(() => readSecret(name));

/** As `parameterSecret`, of a secret that the first reader creates; when several do so at once, all read the same one. */
export const generatedSecret = (name: string, generate: () => string): Secret =>
  generateOnce(
    name,
    {
      find: () =>
        readSecret(name).catch((error: unknown) => {
          if (error instanceof ServiceError && error.status === 404) return undefined;
          throw error;
        }),
      create: async (value) => {
        await call('PUT', name, { value });
      },
    },
    generate,
  );

const readSecret = async (name: string): Promise<string> => v.parse(Value, await call('GET', name)).value;

/** https://learn.microsoft.com/en-us/azure/key-vault/general/about-keys-secrets-certificates#vault-name-and-object-name */
const nameInVault = (name: string): string => name.replace(/^\//, '').replace(/[^0-9A-Za-z-]/g, '-');

/** https://learn.microsoft.com/en-us/rest/api/keyvault/secrets */
async function call(method: string, name: string, body?: object): Promise<unknown> {
  const env = environment({ KEY_VAULT_NAME: text });
  const vault = `https://${env.KEY_VAULT_NAME}.vault.azure.net`;
  return callService('KeyVault', `${vault}/secrets/${nameInVault(name)}?api-version=7.4`, {
    method,
    headers: { authorization: `Bearer ${await token()}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
}
