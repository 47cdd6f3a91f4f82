import { resolve } from 'node:path';
import { readVersion } from '@orderly/local/version';
import { wholeNumber } from '@orderly/support/options';
import { Command, InvalidArgumentError, Option } from 'commander';

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

const SOURCE = `
The Online Retail CSV: Chen, D. (2015), Online Retail, UCI Machine Learning Repository,
https://doi.org/10.24432/C5BW33, CC BY 4.0. Exit code 0: everything adds up; 1: it does not,
the output says what; 2: the command line or the file is wrong; 130: stopped with Ctrl-C.`;

/**
 * Reads the command line; commander prints its help, and what is wrong with it.
 *
 * @param args what follows the program's name
 * @param cwd the folder that `--file` is relative to
 * @throws CommanderError for `--help`, `--version`, an unknown option or a bad value
 */
export const parseOptions = (args: readonly string[], cwd: string): Options => {
  const {
    file,
    limit,
    seed,
    stock,
    concurrency,
    json = false,
  } = describeCommand()
    .parse(args, { from: 'user' })
    .opts<Partial<Options> & Pick<Options, 'seed' | 'concurrency'>>();
  return { file: file && resolve(cwd, file), limit, seed, stock, concurrency, json };
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
    .addOption(
      new Option('--seed <n>', 'seed of the generated invoices')
        .argParser(wholeNumber(0, 2_147_483_647))
        .default(1)
        .conflicts('file'),
    )
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
