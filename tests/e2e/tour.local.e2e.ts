import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { eventually } from '@orderly/support/eventually';
import { urlOf } from './platform.ts';

interface Step {
  readonly command: string;
  readonly shown: string;
}

const readme = readFileSync(resolve(__dirname, '../../README.md'), 'utf8');

/** The commands of the README's `console` blocks, each with the line it is shown to print. */
const steps: readonly Step[] = [...readme.matchAll(/```console\n([\s\S]*?)```/g)].flatMap(([, block = '']) =>
  [...block.matchAll(/^\$ (.+)\n(.+)$/gm)].map(([, command = '', shown = '']) => ({ command, shown })),
);

const ports: Readonly<Record<string, string>> = { orders: '3001', inventory: '3002', notifications: '3003' };

/** The same command for the platform under test, whose ports are others. */
function here(command: string): string {
  return Object.entries(ports).reduce(
    (text, [service, port]) => text.replaceAll(`http://127.0.0.1:${port}`, urlOf(service)),
    command,
  );
}

/** Times and random ids differ from run to run; all else must be the same. */
function comparable(output: string): unknown {
  return JSON.parse(
    output
      .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, '<time>')
      .replace(/"(adjustmentId|requestId)":"[0-9a-f-]{36}"/g, '"$1":"<id>"'),
  );
}

it("gives what the README's tour shows", async () => {
  expect(steps.length).toBeGreaterThan(7);
  for (const { command, shown } of steps) {
    await eventually(async () => {
      const { stdout } = await promisify(execFile)('bash', ['-c', here(command)]);
      expect(comparable(stdout)).toEqual(comparable(shown));
    });
  }
});
