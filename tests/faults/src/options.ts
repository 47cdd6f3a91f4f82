import { readVersion } from '@orderly/local/version';
import { wholeNumber } from '@orderly/support/options';
import { Command, Option } from 'commander';

export interface Options {
  /** On whose libraries the platform runs; undefined: on the embedded AWS. */
  readonly cloud: 'azure' | 'google' | undefined;
  /** How many orders are placed; undefined: as many as the time allows. */
  readonly orders: number | undefined;
  /** Minutes after which no more orders are placed. */
  readonly minutes: number | undefined;
  readonly seed: number;
  readonly concurrency: number;
  /** Everybody wants one product: a quarter of the orders can be served. */
  readonly flashSale: boolean;
  readonly json: boolean;
}

/** What `npm test` runs; enough for every kind of fault. */
const DEFAULT_ORDERS = 160;
const CLOUD_ORDERS = 500;
const FLASH_SALE = { orders: 2_000, concurrency: 64 };
const CONCURRENCY = 16;

/** Reads the command line; commander prints the help and what is wrong, and ends the process. */
export function parseOptions(argv: readonly string[]): Options {
  const command = new Command('npm run test:faults --')
    .version(readVersion())
    .description(
      'Runs the whole local platform while breaking things on purpose, and counts what was lost, doubled or oversold.',
    )
    .addOption(
      new Option(
        '--cloud <name>',
        'run the platform on the libraries of another cloud than AWS, with its faults',
      )
        .choices(['azure', 'google'])
        .conflicts(['minutes', 'flashSale']),
    )
    .option(
      '--orders <n>',
      `orders to place (default ${DEFAULT_ORDERS}, with --cloud ${CLOUD_ORDERS}, or no limit with --minutes)`,
      wholeNumber(20, 1e6),
    )
    .option('--minutes <n>', 'place no more orders after so many minutes', wholeNumber(1, 1_440))
    .option('--seed <n>', 'repeat the choices of an earlier run', wholeNumber(1, 2 ** 31 - 1))
    .option(
      '--concurrency <n>',
      `calls of customers at the same time (default ${CONCURRENCY})`,
      wholeNumber(1, 256),
    )
    .option(
      '--flash-sale',
      'everybody wants one product: 2,000 orders for 500 pieces, 64 calls at the same time',
    )
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      '\nExit code 0: nothing was lost, doubled or oversold; 1: something was, or a fault never came.',
    );
  const given = command.parse(argv, { from: 'user' }).opts<Partial<Options>>();
  const { cloud, minutes, flashSale = false, json = false } = given;
  const most = cloud === undefined ? DEFAULT_ORDERS : CLOUD_ORDERS;
  const asMany = minutes === undefined ? most : undefined;
  return {
    cloud,
    orders: given.orders ?? (flashSale ? FLASH_SALE.orders : asMany),
    minutes,
    seed: given.seed ?? 1 + Math.floor(Math.random() * (2 ** 31 - 2)),
    concurrency: given.concurrency ?? (flashSale ? FLASH_SALE.concurrency : CONCURRENCY),
    flashSale,
    json,
  };
}
