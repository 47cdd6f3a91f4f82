import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { serverlessBin } from '@orderly/local/service-config';

const cwd = resolve(__dirname, '../../../services/notifications');
const { ORDERLY_JWT_ISSUER, ORDERLY_JWT_AUDIENCE, ...env } = process.env;

/** What a command says that must fail. */
async function refusal(...argv: readonly string[]): Promise<string> {
  try {
    await promisify(execFile)(process.execPath, [serverlessBin(), ...argv], { cwd, env });
  } catch (error) {
    const { stdout, stderr } = Object(error);
    return `${stdout}${stderr}`;
  }
  throw new Error(`sls ${argv.join(' ')} did not fail`);
}

it('prod is not packaged without an issuer, and the message says what to set and where', async () => {
  const said = await refusal('package', '--stage', 'prod');

  for (const named of ['jwtIssuer', 'jwtAudience', 'shared/serverless/stages.yml', 'ORDERLY_JWT_ISSUER']) {
    expect(said).toContain(named);
  }
});

interface AuthorizationPlugin {
  httpApi(variables: { resolveVariable(name: string): Promise<string | undefined> }): Promise<object>;
}
const Authorization: AuthorizationPlugin = require('../authorization.cjs');

const wrong = [
  ['an issuer that is no https:// URL', 'jwtIssuer is an https:// URL', 'http://id.example.com', ''],
  ['an audience without an issuer', 'jwtIssuer is an https:// URL', '', 'orderly'],
  ['an issuer without an audience', 'jwtAudience is missing', 'https://id.example.com', ''],
] as const;

it.each(wrong)('refuses %s', async (_what, message, jwtIssuer, jwtAudience) => {
  const parameters: Readonly<Record<string, string>> = {
    'param:jwtIssuer': jwtIssuer,
    'param:jwtAudience': jwtAudience,
  };
  const resolveVariable = async (name: string) => parameters[name];

  await expect(Authorization.httpApi({ resolveVariable })).rejects.toThrow(message);
});

it('no stage is packaged with what it refuses', async () => {
  const said = await refusal('package', '--stage', 'dev', '--param', 'jwtAudience=orderly');

  expect(said).toContain('jwtIssuer is an https:// URL');
});

it('prod can be looked at and removed without an issuer', async () => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [serverlessBin(), 'print', '--stage', 'prod', '--format', 'json'],
    { cwd, env },
  );

  expect(JSON.parse(stdout).provider.httpApi).toEqual({});
});
