import { createInterface } from 'node:readline/promises';
import { repositoryRoot } from '@orderly/local/services';
import { UsageFailure } from './failure.ts';
import type { Plan } from './plan.ts';
import { createPlatform } from './platform/create.ts';
import { type Repository, readRepository } from './repository.ts';
import { write } from './write.ts';

/** What a command needs from outside. */
export interface Session {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Asks a person; `undefined` where there is none. */
  readonly ask: ((question: string) => Promise<string>) | undefined;
  readonly repository: () => Repository;
  readonly write: (plan: Plan) => Promise<void>;
  /** The folder that relative paths of the command line begin at. */
  readonly folder: string;
  /** Makes a platform of this repository. @returns the number of its files */
  readonly platform: (name: string, to: string) => Promise<number>;
}

export function processSession(): Session {
  const interactive = process.stdin.isTTY && process.stderr.isTTY;
  return {
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    ask: interactive ? ask : undefined,
    repository: readRepository,
    write,
    // npm runs scripts at the root.
    folder: process.env.INIT_CWD ?? process.cwd(),
    platform: (name, to) => createPlatform({ root: repositoryRoot, name, to }),
  };
}

async function ask(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await terminal.question(`${question} `)).trim();
  } finally {
    terminal.close();
  }
}

/**
 * A value of the command line, or else the answer to a question.
 *
 * @param name as it is on the command line: `<name>`, `--events`
 * @throws UsageFailure that names it when it is missing and nobody can be asked
 */
export async function given(
  { ask }: Pick<Session, 'ask'>,
  value: string | undefined,
  name: string,
  question: string,
): Promise<string> {
  if (value !== undefined) return value;
  const answer = await ask?.(question);
  if (answer === undefined || answer === '') throw new UsageFailure(`${name} is missing: ${question}`);
  return answer;
}

/** Writes what a plan says and prints it. */
export async function carryOut({ out, write }: Session, plan: Plan): Promise<void> {
  await write(plan);
  for (const { path } of plan.creates) out(`created  ${path}\n`);
  for (const { path } of plan.changes) out(`changed  ${path}\n`);
  if (plan.generates.documents) out('made     schemas, examples and documents (npm run contracts:build)\n');
  if (plan.generates.release) out('made     released schemas (npm run contracts:release)\n');
  out(`\nNext:\n${plan.next.map((line) => `  ${line}\n`).join('')}`);
}
