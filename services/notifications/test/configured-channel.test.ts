import { EnvironmentError } from '@orderly/functions/env';
import { openChannel } from '../src/adapters/configured-channel.ts';

const settings = ['CHANNEL', 'MAIL_FROM', 'SMTP_URL', 'SMTP_URL_PARAMETER', 'AWS_ENDPOINT_URL_SSM'] as const;
const before = settings.map((name) => [name, process.env[name]] as const);

function configure(environment: Partial<Record<(typeof settings)[number], string>>): void {
  for (const name of settings) delete process.env[name];
  Object.assign(process.env, environment);
}

afterAll(() => configure(Object.fromEntries(before.filter(([, value]) => value !== undefined))));

it.each([
  [{ CHANNEL: 'log' }],
  [{ CHANNEL: 'ses', MAIL_FROM: 'shop@example.com' }],
  [{ CHANNEL: 'smtp', MAIL_FROM: 'shop@example.com', SMTP_URL: 'smtp://user:secret@mail.example.com:587' }],
  [{ CHANNEL: 'smtp', MAIL_FROM: 'shop@example.com', SMTP_URL: 'smtps://mail.example.com' }],
])('opens the channel with the settings that it needs: %j', (environment) => {
  configure(environment);

  expect(openChannel()).toEqual({ channel: environment.CHANNEL, outlet: { send: expect.any(Function) } });
});

it.each([
  [{}, /CHANNEL/],
  [{ CHANNEL: 'pigeon' }, /CHANNEL/],
  [{ CHANNEL: 'ses' }, /MAIL_FROM: is missing/],
  [{ CHANNEL: 'ses', MAIL_FROM: '' }, /MAIL_FROM: is empty/],
  [{ CHANNEL: 'smtp' }, /MAIL_FROM: is missing/],
  [{ CHANNEL: 'smtp', MAIL_FROM: 'shop@example.com' }, /SMTP_URL_PARAMETER: is missing/],
  [
    { CHANNEL: 'smtp', MAIL_FROM: 'shop@example.com', SMTP_URL: 'mail.example.com:25' },
    /SMTP_URL: is not an smtp:\/\/ or smtps:\/\/ URL/,
  ],
])('names at load the setting that is missing or wrong: %j', (environment, named) => {
  configure(environment);

  expect(openChannel).toThrow(EnvironmentError);
  expect(openChannel).toThrow(named);
});
