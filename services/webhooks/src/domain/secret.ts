import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';

/**
 * A secret of Standard Webhooks: `whsec_` and 24 to 64 random bytes in base64.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
const prefix = 'whsec_';
const secretBytes = 32;

/** A secret as it is stored: encrypted with AES-256-GCM, bound to its endpoint. */
export interface SealedSecret {
  readonly sealed: string;
  /** Absent for the present secret. */
  readonly expiresAt?: string;
}

export const newSecret = (): string => `${prefix}${randomBytes(secretBytes).toString('base64')}`;

const ivBytes = 12;
const tagBytes = 16;

/**
 * @param key 32 bytes
 * @param endpointId the secret can be opened for this endpoint only
 */
export function seal(secret: string, key: Buffer, endpointId: string): SealedSecret {
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(endpointId));
  const bytes = Buffer.concat([iv, cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return { sealed: bytes.toString('base64') };
}

/** @throws Error when the secret was sealed with another key or for another endpoint, or was changed */
export function open({ sealed }: SealedSecret, key: Buffer, endpointId: string): string {
  const bytes = Buffer.from(sealed, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, ivBytes))
    .setAAD(Buffer.from(endpointId))
    .setAuthTag(bytes.subarray(-tagBytes));
  return decipher.update(bytes.subarray(ivBytes, -tagBytes), undefined, 'utf8') + decipher.final('utf8');
}

/** The secrets that sign at a moment, the present one first. */
export const signingAt = (secrets: readonly SealedSecret[], at: Date): readonly SealedSecret[] =>
  secrets.filter(({ expiresAt }) => expiresAt === undefined || expiresAt > at.toISOString());

/**
 * The headers of Standard Webhooks: `webhook-id`, `webhook-timestamp` in seconds, and `webhook-signature` with one
 * signature (`v1`, HMAC-SHA256 of `id.timestamp.body`) for each secret.
 */
export function signatureHeaders(
  secrets: readonly string[],
  { id, body, at }: { readonly id: string; readonly body: string; readonly at: Date },
): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const sign = (secret: string): string => {
    const hmac = createHmac('sha256', Buffer.from(secret.slice(prefix.length), 'base64'));
    return `v1,${hmac.update(`${id}.${timestamp}.${body}`).digest('base64')}`;
  };
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': secrets.map(sign).join(' '),
  };
}
