import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { npmCommand } from '@orderly/local/npm';
import { services } from '@orderly/local/services';
import { standIn } from './stack-stand-in.ts';

const root = resolve(__dirname, '../../..');

/** Runs the command that the pipeline runs. */
const affected = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  new Promise<{ readonly code: number | undefined; readonly out: string; readonly err: string }>((done) => {
    const npm = npmCommand(['run', '--silent', 'affected', '--', ...args]);
    execFile(npm.program, npm.args, { cwd: root, env: { ...process.env, ...env } }, (error, out, err) => {
      done({ code: error === null ? 0 : Number(error.code), out, err });
    });
  });

it('prints the services, and why apart from them', async () => {
  const aws = await standIn({ 'orderly-orders-prod': { commit: 'unknown' } });
  const answer = await affected(['--stage', 'prod'], {
    AWS_ENDPOINT_URL_CLOUDFORMATION: aws.endpoint,
    AWS_ACCESS_KEY_ID: 'x',
    AWS_SECRET_ACCESS_KEY: 'y',
  });
  aws.stop();

  expect(answer).toMatchObject({ code: 0, out: services.map((service) => `${service}\n`).join('') });
  expect(answer.err).toContain('inventory is deployed: no pipeline has released it');
});

it.each([
  [[], '--stage is missing'],
  [['--stag', 'prod'], "Unknown option '--stag'"],
])('refuses %j', async (args, message) => {
  const { code, out, err } = await affected(args);

  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(err).toContain(message);
  expect(err).toContain('npm run --silent affected -- --stage <stage>');
});
