import * as v from 'valibot';
import { environment, text } from '../env.ts';
import { ServiceError } from '../portable/call.ts';
import { readOnce, type Secret } from '../read-once.ts';
import { callGoogle } from './service.ts';

const Version = v.object({ payload: v.object({ data: v.string() }) });

/**
 * A secret of Google's Secret Manager, its latest version. It is read at once, while the function loads.
 *
 * Environment: `GOOGLE_CLOUD_PROJECT`.
 *
 * @param name e.g. `/orderly/prod/smtp-url`, which is `orderly-prod-smtp-url` there
 */
export const parameterSecret = (name: string): Secret =>
  readOnce(() => readVersion(nameInManager(name), 'latest'));

/** As `parameterSecret`, of a secret that the first reader creates: when several do so at once, the first version counts. */
export const generatedSecret = (name: string, generate: () => string): Secret =>
  readOnce(async () => {
    const secret = nameInManager(name);
    try {
      return await readVersion(secret, '1');
    } catch (error) {
      if (!(error instanceof ServiceError) || error.status !== 404) throw error;
    }
    await createSecret(secret);
    const data = Buffer.from(generate()).toString('base64');
    await call('POST', `/secrets/${secret}:addVersion`, { payload: { data } });
    return readVersion(secret, '1');
  });

const nameInManager = (name: string): string => name.replace(/^\//, '').replace(/[^\w-]/g, '-');

async function readVersion(secret: string, version: string): Promise<string> {
  const { payload } = v.parse(Version, await call('GET', `/secrets/${secret}/versions/${version}:access`));
  return Buffer.from(payload.data, 'base64').toString('utf8');
}

async function createSecret(secret: string): Promise<void> {
  try {
    await call('POST', `/secrets?secretId=${secret}`, { replication: { automatic: {} } });
  } catch (error) {
    // Another one was faster.
    if (!(error instanceof ServiceError) || error.status !== 409) throw error;
  }
}

/** https://cloud.google.com/secret-manager/docs/reference/rest */
function call(method: string, path: string, body?: object): Promise<unknown> {
  const env = environment({ GOOGLE_CLOUD_PROJECT: text });
  return callGoogle('secretmanager', `/v1/projects/${env.GOOGLE_CLOUD_PROJECT}${path}`, {
    method,
    ...(body && { body: JSON.stringify(body) }),
  });
}
