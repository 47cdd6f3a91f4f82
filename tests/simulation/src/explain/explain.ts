import { historyPath, readHistory } from '../history-file.ts';
import type { Options } from '../options.ts';
import { isGood, problemsOf, type Run } from '../outcome.ts';
import type { Pool } from '../pool.ts';
import { OrdersBar } from '../progress.ts';
import { failure } from '../report.ts';
import { taskOf } from '../task.ts';
import { namedIn, subjectOf } from './about.ts';
import { Story } from './story.ts';

/** Tells what happened to something in a run. */
async function storyOf(run: Run, named: string, history: string): Promise<readonly string[]> {
  const about = await subjectOf(named, readHistory(history));
  const story = new Story({ about, findings: problemsOf(run) });
  for await (const line of readHistory(history)) story.take(line);
  const lines = story.text();
  if (lines.length === 0) return [`Nothing in the history names ${named}.`];
  return [`What happened to ${about}${about === named ? '' : `, which ${named} is about`}:`, '', ...lines];
}

/** Runs a seed again, and tells the story of what broke, or of what is `asked` for. */
export async function explainSeed(
  options: Options,
  pool: Pool,
  asked: string | undefined,
): Promise<readonly Run[]> {
  const history = options.history ?? historyPath(options.seed);
  const bar = new OrdersBar({ total: options.orders, before: 0, visible: process.stderr.isTTY });
  const run = await pool.run({ ...taskOf(options, options.seed), history }, (progress) =>
    bar.update(options.seed, progress),
  );
  bar.stop();
  if (run === undefined) return [];
  const named = asked ?? namedIn(problemsOf(run));
  const lines =
    named === undefined
      ? ['No finding names an order. To read of one, give its id: --explain <id>.']
      : await storyOf(run, named, history);
  const problems = isGood(run) ? ['Every promise held.'] : [failure(run)];
  process.stdout.write(
    `${[...problems, '', ...lines, '', `The whole history is in ${history}.`].join('\n')}\n`,
  );
  return [run];
}
