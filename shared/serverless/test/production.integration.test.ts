import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { serverlessBin } from '@orderly/local/service-config';

const { ORDERLY_ALARM_TOPIC, ORDERLY_CHANNEL, ...env } = process.env;
const issuer = { ORDERLY_JWT_ISSUER: 'https://id.example.com', ORDERLY_JWT_AUDIENCE: 'orderly' };

/** What `sls package --stage prod` says, which must fail. */
async function refusal(service: string, settings: Readonly<Record<string, string>>): Promise<string> {
  const cwd = resolve(__dirname, '../../../services', service);
  const packaging = promisify(execFile)(process.execPath, [serverlessBin(), 'package', '--stage', 'prod'], {
    cwd,
    env: { ...env, ...issuer, ...settings },
  });
  const { stdout } = await packaging.then(
    () => Promise.reject(new Error('It is packaged')),
    (error: { readonly stdout: string }) => error,
  );
  return stdout;
}

it('prod is not packaged when nobody hears of its alarms, and the message says what to set and where', async () => {
  const said = await refusal('orders', {});

  for (const named of ['alarmTopic', 'shared/serverless/stages.yml', 'ORDERLY_ALARM_TOPIC']) {
    expect(said).toContain(named);
  }
});

it('prod is not packaged with a channel that tells customers nothing, and the message says what to set', async () => {
  const said = await refusal('notifications', { ORDERLY_ALARM_TOPIC: 'ops@example.com' });

  for (const named of ['channel', 'ses or smtp', 'ORDERLY_CHANNEL']) expect(said).toContain(named);
});
