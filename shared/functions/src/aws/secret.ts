import { createHash, createHmac } from 'node:crypto';
import { parse } from '@orderly/contracts';
import { SignatureV4 } from '@smithy/signature-v4';
import * as v from 'valibot';
import { environment, text } from '../env.ts';
import { readOnce, type Secret } from '../read-once.ts';

/**
 * A SecureString of AWS Systems Manager's Parameter Store. It is read at once, while the function loads.
 *
 * @param name e.g. `/orderly/prod/smtp-url`
 */
export const parameterSecret = (name: string): Secret => readOnce(() => readParameter(name));

/**
 * As `parameterSecret`, of a parameter that the first reader creates.
 *
 * @param generate makes the value; when several create it at once, all of them read the same one
 */
export const generatedSecret = (name: string, generate: () => string): Secret =>
  readOnce(async () => {
    try {
      return await readParameter(name);
    } catch (error) {
      if (!(error instanceof ParameterError) || error.code !== 'ParameterNotFound') throw error;
    }
    await createParameter(name, generate());
    return readParameter(name);
  });

/** Systems Manager has refused. The message names the parameter and the status, and nothing of the value. */
class ParameterError extends Error {
  override readonly name = 'ParameterError';

  constructor(
    message: string,
    /** The service's name of the error, where the answer has one. */
    readonly code: string | undefined,
  ) {
    super(message);
  }
}

const Answer = v.object({ Parameter: v.object({ Value: v.string() }) });
const Refusal = v.object({ __type: v.string() });

/** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html */
async function readParameter(name: string): Promise<string> {
  const { status, body } = await callSsm('GetParameter', { Name: name, WithDecryption: true });
  const parsed = parse(Answer, body);
  if (parsed.outcome === 'valid') return parsed.value.Parameter.Value;
  throw new ParameterError(`The parameter ${name} cannot be read: SSM answers ${status}`, codeOf(body));
}

/** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html */
async function createParameter(name: string, value: string): Promise<void> {
  const input = { Name: name, Value: value, Type: 'SecureString' };
  const { status, body } = await callSsm('PutParameter', input);
  const code = codeOf(body);
  // Another one was faster, and its value counts.
  if (status === 200 || code === 'ParameterAlreadyExists') return;
  throw new ParameterError(`The parameter ${name} cannot be created: SSM answers ${status}`, code);
}

function codeOf(body: unknown): string | undefined {
  const refusal = parse(Refusal, body);
  // Some services put a namespace before the name.
  return refusal.outcome === 'valid' ? refusal.value.__type.split('#').at(-1) : undefined;
}

const timeoutMs = 3_000;

/**
 * Signed by the SDK and sent by Node.js, because the SDK's client would add thirteen kilobytes to the function.
 */
async function callSsm(
  action: string,
  input: object,
): Promise<{ readonly status: number; readonly body: unknown }> {
  const env = environment({
    AWS_REGION: text,
    AWS_ACCESS_KEY_ID: text,
    AWS_SECRET_ACCESS_KEY: text,
    AWS_SESSION_TOKEN: v.optional(v.string()),
    AWS_ENDPOINT_URL_SSM: v.optional(v.string()),
    AWS_ENDPOINT_URL: v.optional(v.string()),
  });
  // As in every SDK: https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
  const endpoint = new URL(
    env.AWS_ENDPOINT_URL_SSM ??
      env.AWS_ENDPOINT_URL ??
      `https://ssm.${env.AWS_REGION}.${domainOf(env.AWS_REGION)}`,
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
      'x-amz-target': `AmazonSSM.${action}`,
    },
    body: JSON.stringify(input),
  });
  const answer = await fetch(endpoint, { method, headers, body, signal: AbortSignal.timeout(timeoutMs) });
  return { status: answer.status, body: await answer.json().catch(() => undefined) };
}

/** https://docs.aws.amazon.com/general/latest/gr/ssm.html */
const domainOf = (region: string): string =>
  region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';

/** SHA-256 and HMAC-SHA-256 with the interface that the signer expects. */
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
