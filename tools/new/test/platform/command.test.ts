import { resolve } from 'node:path';
import { UsageFailure } from '../../src/failure.ts';
import { main } from '../../src/main.ts';
import { processSession, type Session } from '../../src/session.ts';

const here = resolve('/home/me');

const run = async (args: readonly string[], more: Partial<Session> = {}) => {
  const said = { out: '', err: '' };
  const asked: unknown[] = [];
  const session: Session = {
    ...processSession(),
    out: (text) => {
      said.out += text;
    },
    err: (text) => {
      said.err += text;
    },
    ask: undefined,
    folder: here,
    platform: async (...given) => asked.push(given),
    ...more,
  };
  return { code: await main(['platform', ...args], session), ...said, asked };
};

it('a platform is made with the given name, in a folder from where the user is', async () => {
  const { code, out, asked } = await run(['acme', '--to', '../acme']);

  expect(code).toBe(0);
  expect(asked).toEqual([['acme', resolve('/home/acme')]]);
  expect(out).toContain(`created  ${resolve('/home/acme')} (1 files, one commit)`);
  expect(out).toContain('npm ci && npm test');
});

it('what is missing is asked', async () => {
  const answers = ['acme', 'away'];
  const { code, asked } = await run([], { ask: async () => answers.shift() ?? '' });

  expect([code, asked]).toEqual([0, [['acme', resolve(here, 'away')]]]);
});

it.each([
  [[], '<name> is missing'],
  [['acme'], '--to is missing'],
  [['acme', '--to'], 'argument missing'],
  [['acme', 'other', '--to', 'a'], 'too many arguments'],
])('%j is refused with exit code 2 where nobody can be asked: %s', async (args, reason) => {
  const { code, err, asked } = await run(args);

  expect([code, asked]).toEqual([2, []]);
  expect(err).toContain(reason);
});

it('a refusal is printed, with exit code 2', async () => {
  const platform = () => Promise.reject(new UsageFailure('there is something in the way'));
  const { code, err, out } = await run(['acme', '--to', 'a'], { platform });

  expect([code, err]).toEqual([2, 'new: there is something in the way\n']);
  expect(out).not.toContain('created');
});
