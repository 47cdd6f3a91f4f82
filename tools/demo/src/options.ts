import { resolve } from 'node:path';
import { readVersion } from '@orderly/local/version';
import { wholeNumber } from '@orderly/support/options';
import { Command, CommanderError, InvalidArgumentError } from 'commander';

export interface Options {
  /** Absolute path of an Online Retail CSV; undefined: invoices are generated. */
  readonly file: string | undefined;
  /** The first so many invoices; undefined: all of the file, or the generator's default. */
  readonly limit: number | undefined;
  readonly seed: number;
  /** Pieces of each product; undefined: enough for about nine orders in ten. */
  readonly stock: number | undefined;
  readonly concurrency: number;
  readonly json: boolean;
}

/** How many invoices are generated unless `--limit` says otherwise. */
export const GENERATED_INVOICES = 500;

/** The command line asks for something that cannot be; the message names the option. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Thrown by `--help` and `--version`; the text is for stdout. */
export class HelpRequested extends Error {
  override readonly name = 'HelpRequested';
}

const SOURCE = `
The Online Retail CSV: Chen, D. (2015), Online Retail, UCI Machine Learning Repository,
https://doi.org/10.24432/C5BW33, CC BY 4.0. Exit code 0: everything adds up; 1: it does not,
the output says what; 2: the command line or the file is wrong; 130: stopped with Ctrl-C.`;

/**
 * Reads the command line.
 *
 * @param args what follows the program's name
 * @param cwd the folder that `--file` is relative to
 * @throws UsageError for an unknown option or a bad value; HelpRequested for `--help`
 */
export const parseOptions = (args: readonly string[], cwd: string): Options => {
  let output = '';
  const command = describeCommand();
  command.configureOutput({
    writeOut: (text) => {
      output += text;
    },
    writeErr: () => {},
  });
  try {
    command.parse(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) throw new HelpRequested(output);
    throw new UsageError(error.message.replace(/^error: /, ''), { cause: error });
  }
  const given = command.opts<Omit<Options, 'json'> & { json?: true }>();
  if (given.file !== undefined && command.getOptionValueSource('seed') === 'cli') {
    throw new UsageError("option '--seed' generates invoices and '--file' reads them: give one of the two");
  }
  return {
    file: given.file === undefined ? undefined : resolve(cwd, given.file),
    limit: given.limit,
    seed: given.seed,
    stock: given.stock,
    concurrency: given.concurrency,
    json: given.json ?? false,
  };
};

const describeCommand = (): Command =>
  new Command('npm run demo --')
    .version(readVersion())
    .description('Sends retail invoices through the platform as orders and checks what came out.')
    .option('--file <csv>', 'read invoices from an Online Retail CSV instead of generating them', text)
    .option(
      '--limit <n>',
      `take the first n invoices (default: all of the file, or ${GENERATED_INVOICES} generated ones)`,
      wholeNumber(1, 1_000_000),
    )
    .option('--seed <n>', 'seed of the generated invoices', wholeNumber(0, 2_147_483_647), 1)
    .option(
      '--stock <n>',
      'pieces of each product (default: enough for about nine orders in ten)',
      wholeNumber(0, 100_000_000),
    )
    .option('--concurrency <n>', 'requests in flight at most', wholeNumber(1, 256), 16)
    .option('--json', 'print the summary as one JSON object on stdout, and nothing else there')
    .addHelpText('after', SOURCE)
    .allowExcessArguments(false)
    .exitOverride();

const text = (value: string): string => {
  if (value.trim() === '') throw new InvalidArgumentError('It is empty.');
  if (value.startsWith('--')) throw new InvalidArgumentError('The path is missing: that is an option.');
  return value;
};
