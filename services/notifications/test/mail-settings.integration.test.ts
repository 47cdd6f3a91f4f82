import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageServices } from '@orderly/local/packages';
import { serverlessBin } from '@orderly/local/service-config';

const cwd = join(__dirname, '..');
const password = 'correct-horse-battery-staple';

it('no secret of the shell that deploys gets into the template', async () => {
  const argv = [serverlessBin(), 'print', '--format', 'json', '--stage', 'dev'];
  const env = {
    ...process.env,
    ORDERLY_CHANNEL: 'smtp',
    ORDERLY_SMTP_URL: `smtp://user:${password}@mail.example.com`,
  };
  const { stdout } = await promisify(execFile)(process.execPath, argv, { cwd, env });

  expect(stdout).toContain('/orderly/dev/smtp-url');
  expect(stdout).not.toContain(password);
});

it('mails go out a few at a time', async () => {
  const packages = await packageServices(['dev', 'prod']);
  const atOnce = packages
    .filter(({ service }) => service === 'notifications')
    .flatMap(({ template }) => Object.values(template.Resources))
    .filter(({ Type, Properties }) => Type === 'AWS::Lambda::EventSourceMapping' && Properties?.ScalingConfig)
    .map(({ Properties }) => {
      const { MaximumConcurrency }: { MaximumConcurrency?: number } = Object(Properties?.ScalingConfig);
      return Number(MaximumConcurrency) * Number(Properties?.BatchSize);
    });

  expect(atOnce).toEqual([10, 10]);
});
