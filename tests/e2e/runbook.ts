import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Answer } from '@orderly/support/orderly';
import { localPlatform } from './platform.ts';

/** What stands for the `<placeholders>` of a runbook; nothing else in a command is changed. */
export type Placeholders = Readonly<Record<string, string>>;

const root = resolve(__dirname, '../..');
const folder = join(root, 'docs/runbooks');

/** The runbooks there are, without the overview. */
export const pages = readdirSync(folder)
  .map((file) => file.replace('.md', ''))
  .filter((page) => page !== 'README');

/** The commands of a runbook by its headings: `Diagnose`, `Fix`, `Verify`. */
export function readRunbook(page: string): ReadonlyMap<string, readonly string[]> {
  const text = readFileSync(join(folder, `${page}.md`), 'utf8');
  const [, ...parts] = text.split(/^## /m);
  return new Map(
    parts.map((part) => {
      const blocks = [...part.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block = '']) => block);
      const commands = blocks.flatMap((block) => block.split('\n').filter((line) => line !== ''));
      return [part.slice(0, part.indexOf('\n')), commands];
    }),
  );
}

/** npx takes longer to find a program than that takes to run. */
const direct = `npx() { "${join(root, 'node_modules/.bin')}/$1" "\${@:2}"; }\n`;

/**
 * Runs a command as a person would, in a shell in this repository, on the stage under test.
 *
 * @throws Error when a placeholder is left
 */
export function run(command: string, placeholders: Placeholders = {}): Promise<Answer> {
  const { stage } = localPlatform();
  const filled = Object.entries({ stage, ...placeholders }).reduce(
    (text, [name, value]) => text.replaceAll(`<${name}>`, value),
    command,
  );
  if (/<\w+>/.test(filled)) throw new Error(`Nothing is known for the placeholder in: ${filled}`);
  // A folder of its own, for what a command writes.
  const cwd = mkdtempSync(join(root, '.orderly/runbook-'));
  const env = { ...process.env, ORDERLY_STAGE: stage };
  return new Promise((done) => {
    execFile('bash', ['-c', `${direct}${filled}`], { cwd, env, timeout: 240_000 }, (error, out, err) => {
      rmSync(cwd, { recursive: true });
      const code = typeof error?.code === 'number' ? error.code : error === null ? 0 : 1;
      done({ code, out, err });
    });
  });
}
