import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { noPlan, type Plan } from '../src/plan.ts';
import { write } from '../src/write.ts';

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'orderly-write-')));
  mkdirSync(join(root, 'node_modules/@orderly'), { recursive: true });
  mkdirSync(join(root, 'shared/contracts/schemas'), { recursive: true });
  writeFileSync(join(root, 'list.yml'), 'one\n');
  writeFileSync(join(root, 'shared/contracts/schemas/old.json'), '{}\n');
});
afterEach(() => rmSync(root, { recursive: true }));

const read = (path: string) => readFileSync(join(root, path), 'utf8');
const plan = (): Plan => ({
  ...noPlan,
  root,
  creates: [{ path: 'services/payments/src/a.ts', content: 'a\n' }],
  changes: [{ path: 'list.yml', content: 'one\ntwo\n' }],
  links: { '@orderly/payments': 'services/payments' },
  generates: { documents: true, release: false },
});

it('writes, links and generates what the plan says', async () => {
  const scripts: string[] = [];

  await write(plan(), async (_root, script) => void scripts.push(script));

  expect([read('services/payments/src/a.ts'), read('list.yml')]).toEqual(['a\n', 'one\ntwo\n']);
  expect(read('node_modules/@orderly/payments/src/a.ts')).toBe('a\n');
  expect(scripts).toEqual(['contracts:build']);
});

it('leaves everything as it was when a script fails', async () => {
  const failing = async () => {
    writeFileSync(join(root, 'shared/contracts/schemas/new.json'), '{}\n');
    rmSync(join(root, 'shared/contracts/schemas/old.json'));
    throw new Error('the generator of documents is broken');
  };

  await expect(write(plan(), failing)).rejects.toThrow('the generator of documents is broken');

  const left = ['services', 'node_modules/@orderly/payments', 'shared/contracts/schemas/new.json'];
  expect(left.filter((path) => existsSync(join(root, path)))).toEqual([]);
  expect([read('list.yml'), read('shared/contracts/schemas/old.json')]).toEqual(['one\n', '{}\n']);
});

it('leaves everything as it was when a file cannot be written', async () => {
  const creates = [...plan().creates, { path: 'list.yml/b.ts', content: 'b\n' }];

  await expect(write({ ...plan(), creates })).rejects.toThrow();

  expect(existsSync(join(root, 'services'))).toBe(false);
  expect(read('list.yml')).toBe('one\n');
});

it('writes nothing when a new file exists already', async () => {
  mkdirSync(join(root, 'services/payments/src'), { recursive: true });
  writeFileSync(join(root, 'services/payments/src/a.ts'), 'mine\n');

  await expect(write(plan())).rejects.toThrow('services/payments/src/a.ts exists already');

  expect([read('services/payments/src/a.ts'), read('list.yml')]).toEqual(['mine\n', 'one\n']);
});
