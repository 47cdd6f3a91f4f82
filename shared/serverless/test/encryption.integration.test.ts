import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { packageServices } from '@orderly/local/packages';
import { serverlessBin } from '@orderly/local/service-config';
import { runPlugin } from './run-plugin.ts';

const cwd = resolve(__dirname, '../../../services/notifications');
const { AWS_REGION, ...env } = process.env;
const inRegion = (region: string, key = 'key/1234abcd-12ab-34cd-56ef-1234567890ab'): string =>
  `arn:aws:kms:${region}:111122223333:${key}`;
const multiRegion = inRegion('eu-central-1', 'key/mrk-1234abcd12ab34cd56ef1234567890ab');

const sls = (command: readonly string[], kmsKey: string) => {
  const argv = [serverlessBin(), ...command, '--region', 'eu-central-1', '--param', `kmsKey=${kmsKey}`];
  return promisify(execFile)(process.execPath, argv, { cwd, env });
};

const refusal = /The parameter kmsKey is the ARN of a KMS key in eu-central-1, such as \S+, or empty, not "/;

it.each([
  ['the name of a key', '1234abcd-12ab-34cd-56ef-1234567890ab'],
  ['an alias, which IAM does not know', inRegion('eu-central-1', 'alias/orderly')],
  ['a key of another region', inRegion('us-east-1')],
  ['the ARN of something else', 'arn:aws:sns:eu-central-1:111122223333:alarms'],
  ['two keys', `${inRegion('eu-central-1')} ${multiRegion}`],
])('refuses %s', (_what, kmsKey) => {
  expect(() => runPlugin('encryption.cjs', { kmsKey })).toThrow(refusal);
});

it('is not packaged with what it refuses', async () => {
  await expect(sls(['package'], 'alias/orderly')).rejects.toMatchObject({
    stdout: expect.stringMatching(refusal),
  });
});

it('a deploy uploads with the key, for the environment is in the template', async () => {
  const { stdout } = await sls(['print', '--format', 'json'], multiRegion);
  const { deploymentBucketObject } = JSON.parse(stdout).provider;

  expect(deploymentBucketObject).toMatchObject({ serverSideEncryption: 'aws:kms', sseKMSKeyId: multiRegion });
});

it('the packages of prod are examined with a key, and those of dev without', async () => {
  const packages = await packageServices(['dev', 'prod']);

  for (const { stage, kmsKey } of packages) {
    expect(kmsKey).toMatch(stage === 'prod' ? /^arn:aws:kms:/ : /^$/);
  }
});
