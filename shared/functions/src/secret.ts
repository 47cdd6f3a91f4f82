import { createHash, createHmac } from 'node:crypto';
import { parse } from '@orderly/contracts';
import { SignatureV4 } from '@smithy/signature-v4';
import * as v from 'valibot';
import { environment, text } from './env.ts';

/** A text that is in no template and no environment. */
export interface Secret {
  /** Reads it once, and again when that has failed or it was forgotten. */
  read(): Promise<string>;
  /** To be called when it does not work any more: it may have been changed. */
  forget(): void;
}

/** A secret that is there already. */
export const knownSecret = (value: string): Secret => ({ read: async () => value, forget: () => undefined });

/**
 * A SecureString of AWS Systems Manager's Parameter Store, which is read at once, while the function loads.
 *
 * @param name e.g. `/orderly/prod/smtp-url`
 */
export function parameterSecret(name: string): Secret {
  let value: Promise<string> | undefined;
  const secret: Secret = {
    read: () => {
      value ??= readParameter(name);
      value.catch(secret.forget);
      return value;
    },
    forget: () => {
      value = undefined;
    },
  };
  // Whoever sends first says what is wrong.
  secret.read().catch(() => undefined);
  return secret;
}

const Answer = v.object({ Parameter: v.object({ Value: v.string() }) });

/** In milliseconds. */
const timeout = 3_000;

/**
 * Signed by the SDK and sent by Node.js: the SDK's client would be thirteen kilobytes of the function for one call.
 * https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html
 */
async function readParameter(name: string): Promise<string> {
  const env = environment({
    AWS_REGION: text,
    AWS_ACCESS_KEY_ID: text,
    AWS_SECRET_ACCESS_KEY: text,
    AWS_SESSION_TOKEN: v.optional(v.string()),
    AWS_ENDPOINT_URL_SSM: v.optional(v.string()),
  });
  const endpoint = new URL(
    env.AWS_ENDPOINT_URL_SSM ?? `https://ssm.${env.AWS_REGION}.${domainOf(env.AWS_REGION)}`,
  );
  const signer = new SignatureV4({
    service: 'ssm',
    region: env.AWS_REGION,
    sha256: Sha256,
    credentials: {
      accessKeyId: env.AWS_ACCESS_KEY_ID,
      secretAccessKey: env.AWS_SECRET_ACCESS_KEY,
      ...(env.AWS_SESSION_TOKEN !== undefined && { sessionToken: env.AWS_SESSION_TOKEN }),
    },
  });
  const { method, headers, body } = await signer.sign({
    method: 'POST',
    protocol: endpoint.protocol,
    hostname: endpoint.hostname,
    path: '/',
    query: {},
    headers: {
      host: endpoint.host,
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'AmazonSSM.GetParameter',
    },
    body: JSON.stringify({ Name: name, WithDecryption: true }),
  });
  const answer = await fetch(endpoint, { method, headers, body, signal: AbortSignal.timeout(timeout) });
  const parsed = parse(Answer, await answer.json().catch(() => undefined));
  // The status only: the body may repeat what is secret.
  if (!parsed.ok) throw new Error(`The parameter ${name} cannot be read: SSM answers ${answer.status}`);
  return parsed.value.Parameter.Value;
}

/** https://docs.aws.amazon.com/general/latest/gr/ssm.html */
const domainOf = (region: string): string =>
  region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';

/** As the signer wants it. */
class Sha256 {
  readonly #hash;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', bytes(secret));
  }

  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(bytes(data));
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }
}

function bytes(data: string | ArrayBuffer | ArrayBufferView): Uint8Array {
  if (typeof data === 'string') return Buffer.from(data);
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
}
