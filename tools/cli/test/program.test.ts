import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { orderly } from '@orderly/support/orderly';
import { version } from '../../../package.json';

const commands = [
  [],
  ['topology'],
  ['dlq'],
  ['dlq', 'list'],
  ['dlq', 'show'],
  ['dlq', 'redrive'],
  ['dlq', 'drop'],
  ['replay'],
  ['trace'],
  ['notifications'],
  ['notifications', 'retry'],
  ['forget'],
];

describe('a command line', () => {
  it.each(commands.map((command) => [command.join(' '), command]))(
    '"orderly %s --help" explains itself and every common option',
    async (_name, command) => {
      const { code, out, err } = await orderly(...command, '--help');

      expect([code, err]).toEqual([0, '']);
      expect(out).toContain(`Usage: ${['orderly', ...command].join(' ')}`);
      for (const option of ['--stage', '--region', '--endpoint', '--aws', '--dry-run', '--json']) {
        expect(out).toContain(option);
      }
    },
  );

  it('with --version prints the version of the repository', async () => {
    expect(await orderly('--version')).toEqual({ code: 0, out: `${version}\n`, err: '' });
  });

  it.each([
    ['an unknown command', ['no-such'], "unknown command 'no-such'"],
    ['an unknown option', ['topology', '--colour'], "unknown option '--colour'"],
    ['a stage that cannot be', ['topology', '--stage', '-x y'], 'It must be a letter'],
    ['a region that cannot be', ['topology', '--region', 'Frankfurt'], 'such as eu-central-1'],
    ['an endpoint that is no URL', ['topology', '--endpoint', 'localhost:8000'], 'It must be <url>'],
    ['an endpoint of another service', ['topology', '--endpoint', 's3=http://a'], '"s3" is none of'],
    ['the endpoint of one service', ['topology', '--endpoint', 'sqs=http://a'], 'where dynamodb is'],
    ['JSON and a flowchart', ['topology', '--mermaid', '--json'], 'cannot be used with'],
    ['a rate of zero', ['dlq', 'redrive', '--all', '--rate', '0'], 'from 1 to 500'],
    ['all and a message', ['dlq', 'redrive', '--all', '--message', 'a'], 'cannot be used with'],
    ['an order with --resume', ['replay', '--resume', 'a', '--order', 'b'], 'cannot be used with'],
    ['no messages', ['dlq', 'redrive'], 'Name the messages with --message <id>, or take --all.'],
    ['a target for all queues', ['dlq', 'redrive', '--all', '--to', 'q'], "'--to' needs the name"],
    ['a limit that is no number', ['dlq', 'show', '--limit', 'many'], 'from 1 to 10000'],
    ['two queues', ['dlq', 'show', 'a', 'b'], 'too many arguments'],
  ])('with %s is refused with exit code 2 and a sentence that says why', async (_what, args, sentence) => {
    const { code, out, err } = await orderly(...args);

    expect([code, out]).toEqual([2, '']);
    expect(err).toContain('orderly: ');
    expect(err).toContain(sentence);
  });
});

it('the program runs from any folder, and ends with the exit code of its command', async () => {
  const bin = resolve(__dirname, '../bin/orderly.cjs');
  const run = (...args: readonly string[]) =>
    new Promise((done) => {
      execFile(process.execPath, [bin, ...args], { cwd: '/' }, (error, out) =>
        done([error?.code ?? 0, /^Usage: \w+/.exec(out)?.[0] ?? out]),
      );
    });

  expect(await run('--help')).toEqual([0, 'Usage: orderly']);
  expect(await run('--nope')).toEqual([2, '']);
});

it('a reader that has gone is no error', async () => {
  const child = spawn(process.execPath, [resolve(__dirname, '../bin/orderly.cjs'), '--help']);
  let said = '';
  child.stderr.on('data', (text) => {
    said += text;
  });

  child.stdout.destroy();

  expect([await once(child, 'close'), said]).toEqual([[0, null], '']);
});
