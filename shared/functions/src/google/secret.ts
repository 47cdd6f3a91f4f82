import * as v from 'valibot';
import { environment, text } from '../env.ts';
import { generateOnce } from '../portable/generate-once.ts';
import { ServiceError } from '../portable/service-error.ts';
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
export const parameterSecret = (name: string): Secret => readOnce(() => readVersion(name, 'latest'));

/** As `parameterSecret`, of a secret that the first reader creates; when several do so at once, all read the same one. */
export const generatedSecret = (name: string, generate: () => string): Secret =>
  generateOnce(
    name,
    {
      // A new version is there at once by its number only:
      // https://cloud.google.com/secret-manager/docs/access-secret-version#resource_consistency
      find: async () =>
        (await unless([404], readVersion(name, 'latest'))) ?? unless([404], readVersion(name, '1')),
      create: async (value) => {
        // It is there already where its creator failed before the version, or where Terraform has made it, and the function
        // may not make any (403).
        const secret = { replication: { automatic: {} } };
        await unless([403, 409], call('POST', `?secretId=${nameInManager(name)}`, secret));
        const data = Buffer.from(value).toString('base64');
        await call('POST', `/${nameInManager(name)}:addVersion`, { payload: { data } });
      },
    },
    generate,
  );

const nameInManager = (name: string): string => name.replace(/^\//, '').replace(/[^\w-]/g, '-');

async function readVersion(name: string, version: string): Promise<string> {
  const { payload } = v.parse(
    Version,
    await call('GET', `/${nameInManager(name)}/versions/${version}:access`),
  );
  return Buffer.from(payload.data, 'base64').toString('utf8');
}

/** @returns `undefined` where the call is answered with one of these statuses */
async function unless<T>(statuses: readonly number[], calling: Promise<T>): Promise<T | undefined> {
  try {
    return await calling;
  } catch (error) {
    if (error instanceof ServiceError && statuses.includes(error.status)) return undefined;
    throw error;
  }
}

/** https://cloud.google.com/secret-manager/docs/reference/rest */
function call(method: string, path: string, body?: object): Promise<unknown> {
  const env = environment({ GOOGLE_CLOUD_PROJECT: text });
  return callGoogle('secretmanager', `/v1/projects/${env.GOOGLE_CLOUD_PROJECT}/secrets${path}`, {
    method,
    ...(body && { body: JSON.stringify(body) }),
  });
}
