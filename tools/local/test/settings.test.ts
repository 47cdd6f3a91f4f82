import { join } from 'node:path';
import { repositoryRoot } from '../src/ports.ts';
import { restartCommand } from '../src/service-process.ts';
import { readSettings } from '../src/settings.ts';
import { isNoise } from '../src/terminal.ts';

it('every setting has a default', () => {
  expect(readSettings({})).toMatchObject({
    stage: 'dev',
    dynamodb: { endpoint: 'http://127.0.0.1:8000', own: { port: 8000 } },
    sqs: { endpoint: 'http://127.0.0.1:9324', own: { port: 9324 } },
    concurrency: 2,
  });
  expect(readSettings({}).visibilityTimeout).toBeUndefined();
});

it('an emulator with an endpoint is not started', () => {
  const { dynamodb, sqs } = readSettings({
    ORDERLY_DYNAMODB_ENDPOINT: 'http://db:8000/',
    ORDERLY_SQS_PORT: '4000',
  });
  expect(dynamodb).toEqual({ endpoint: 'http://db:8000' });
  expect(sqs.endpoint).toBe('http://127.0.0.1:4000');
});

it.each([
  ['ORDERLY_STAGE', 'my stage'],
  ['ORDERLY_STAGE', '1st'],
  ['ORDERLY_DYNAMODB_ENDPOINT', '127.0.0.1:8000'],
  ['ORDERLY_SQS_ENDPOINT', 'ftp://x'],
  ['ORDERLY_SQS_PORT', 'x'],
  ['ORDERLY_VISIBILITY_TIMEOUT', '2s'],
  ['ORDERLY_VISIBILITY_TIMEOUT', '43201'],
  ['ORDERLY_CONCURRENCY', '0'],
])('an error names %s when its value is "%s"', (name, value) => {
  expect(() => readSettings({ [name]: value })).toThrow(new RegExp(`^${name} must be .*"${value}"`));
});

it('the restart command of a service joins it to the same platform', () => {
  const dir = join(repositoryRoot, 'services', 'inventory');
  expect(restartCommand(dir, 'dev', {}, 'linux')).toBe('cd services/inventory && npx sls offline');
  const env = { ORDERLY_STAGE: 'qa', ORDERLY_SQS_PORT: '4000', HOME: '/root' };
  expect(restartCommand(dir, 'qa', env, 'linux')).toBe(
    'cd services/inventory && ORDERLY_SQS_PORT=4000 npx sls offline --stage qa',
  );
  expect(restartCommand(dir, 'qa', env, 'win32')).toBe(
    'cd services/inventory && set "ORDERLY_SQS_PORT=4000" && npx sls offline --stage qa',
  );
});

it.each([
  ['(λ: publish) RequestId: 4b1d  Duration: 100.09 ms  Billed Duration: 101 ms', true],
  ['   │   POST | http://127.0.0.1:4501/things/{id}      │', true],
  ['', true],
  ['POST /orders (λ: place-order)', true],
  ['{"type":"metrics","service":"orders","metrics":{}}', true],
  ['{"level":"INFO","message":"placed"}', false],
])('takes "%s" as noise: %s', (line, expected) => {
  expect(isNoise(line)).toBe(expected);
});
