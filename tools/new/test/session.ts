import { main } from '../src/main.ts';
import type { Plan } from '../src/plan.ts';
import { readRepository } from '../src/repository.ts';

const repository = readRepository();

/** What a command line came to. */
export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** What would have been written. */
  readonly plans: readonly Plan[];
  readonly questions: readonly string[];
}

/**
 * Runs a command line on this repository without writing anything.
 *
 * @param answers of the person at the terminal, in their order; without a terminal by default
 */
export async function command(line: readonly string[], answers?: readonly string[]): Promise<Outcome> {
  const [out, err]: string[][] = [[], []];
  const plans: Plan[] = [];
  const questions: string[] = [];
  const left = [...(answers ?? [])];
  const ask = async (question: string): Promise<string> => {
    questions.push(question);
    return left.shift() ?? '';
  };
  const code = await main(line, {
    out: (text) => out?.push(text),
    err: (text) => err?.push(text),
    ask: answers === undefined ? undefined : ask,
    repository: () => repository,
    write: async (plan) => void plans.push(plan),
    folder: repository.root,
    platform: () => Promise.reject(new Error('No platform is made here')),
  });
  return { code, out: (out ?? []).join(''), err: (err ?? []).join(''), plans, questions };
}

/** The content of a planned file. @throws Error when the plan has no such file */
export function contentOf({ plans }: Outcome, path: string): string {
  const files = plans.flatMap(({ creates, changes }) => [...creates, ...changes]);
  const file = files.find((one) => one.path === path);
  if (file === undefined) throw new Error(`${path} is not among ${files.map((one) => one.path).join(', ')}`);
  return file.content;
}
