import { randomBytes } from 'node:crypto';
import { environment, text } from '@orderly/functions/env';
import { generatedSecret, knownSecret, parameterSecret, type Secret } from '@orderly/functions/secret';
import * as v from 'valibot';

const keyBytes = 32;

/**
 * The key that encrypts the secrets of endpoints: 32 bytes in base64, in the parameter that WEBHOOK_KEY_PARAMETER names.
 * Only the local platform sets WEBHOOK_KEY instead.
 */
function openKey(find: (parameter: string) => Secret): () => Promise<Buffer> {
  const { WEBHOOK_KEY: known } = environment({ WEBHOOK_KEY: v.optional(text) });
  const name = known === undefined ? environment({ WEBHOOK_KEY_PARAMETER: text }).WEBHOOK_KEY_PARAMETER : '';
  const secret = known === undefined ? find(name) : knownSecret(known);
  return async () => {
    const key = Buffer.from(await secret.read(), 'base64');
    if (key.length === keyBytes) return key;
    secret.discard();
    throw new Error(`The key of webhook secrets${name && ` in ${name}`} is not ${keyBytes} bytes in base64`);
  };
}

/** The key, which must be there: a function that only opens secrets. */
export const existingKey = (): (() => Promise<Buffer>) => openKey(parameterSecret);

/** The key, which the first one that needs it makes: a function that seals secrets. */
export const generatedKey = (): (() => Promise<Buffer>) =>
  openKey((name) => generatedSecret(name, () => randomBytes(keyBytes).toString('base64')));
