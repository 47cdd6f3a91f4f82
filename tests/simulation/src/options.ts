import { readVersion } from '@orderly/local/version';
import { wholeNumber } from '@orderly/support/options';
import { Command, InvalidArgumentError, Option } from 'commander';
import { FAULT_KINDS, FAULT_LEVELS, type FaultLevel } from './world/faults.ts';
import { INCIDENT_KINDS } from './world/incidents.ts';

/** What the command does with its seeds. */
export type Job =
  | { readonly kind: 'run' }
  /** Tells the story of what the text names, or of what the first finding names. */
  | { readonly kind: 'explain'; readonly about: string | undefined }
  | { readonly kind: 'shrink' }
  /** Makes mistakes on purpose, those with the text in their names, and looks for them. */
  | { readonly kind: 'defects'; readonly name: string | undefined }
  /** As many seeds as it takes for so many orders. */
  | { readonly kind: 'long run'; readonly total: number };

export interface Options {
  readonly job: Job;
  /** The first seed. */
  readonly seed: number;
  readonly seeds: number;
  readonly orders: number;
  /** Undefined in a long run: heavy and swarm in turn. */
  readonly faults: FaultLevel | undefined;
  /** Kinds of faults and of incidents that are left out. */
  readonly without: readonly string[];
  /** The end of a run at the latest, in milliseconds of virtual time; undefined: the simulation's own limit. */
  readonly untilMs: number | undefined;
  /** The file that gets the whole history. */
  readonly history: string | undefined;
  readonly json: boolean;
}

interface Given extends Omit<Options, 'job' | 'untilMs' | 'seed' | 'orders'> {
  readonly seed?: number;
  readonly orders?: number;
  readonly until?: number;
  readonly explain?: string | true;
  readonly shrink?: true;
  readonly million?: true;
  readonly defects?: true;
  readonly defect?: string;
  readonly total?: number;
}

export const DEFAULT_ORDERS = 150;
const LONG_RUN_ORDERS = 1_000;
const MILLION = 1_000_000;
const MAX_SEED = 2 ** 31 - 1;

/** Everything that `--without` takes. */
export const KINDS: readonly string[] = [...FAULT_KINDS, ...INCIDENT_KINDS];

const UNITS_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Reads `90m`, `12h` or `30d`. @returns milliseconds */
function duration(text: string): number {
  const [, count = '', unit = ''] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  const ms = Number(count) * (UNITS_MS[unit] ?? 0);
  if (ms > 0) return ms;
  throw new InvalidArgumentError('It must be a number of minutes, hours or days: 90m, 12h, 30d.');
}

function kind(text: string, before: readonly string[] = []): readonly string[] {
  if (KINDS.includes(text)) return [...before, text];
  throw new InvalidArgumentError(`The kinds are:\n  ${KINDS.join('\n  ')}`);
}

const LATER = ['explain', 'shrink', 'history'] as const;

function command(): Command {
  return new Command('npm run simulate --')
    .version(readVersion())
    .description(
      'Runs the whole platform on a simulated AWS in virtual time, breaks things meanwhile, and counts what was lost, doubled or oversold. The same seed repeats the same run.',
    )
    .option('--seed <n>', 'the first seed (default random)', wholeNumber(0, MAX_SEED))
    .option('--seeds <n>', 'how many seeds, from the first on', wholeNumber(1, 100_000), 1)
    .option('--orders <n>', `orders of each seed (default ${DEFAULT_ORDERS})`, wholeNumber(1, 100_000))
    .addOption(
      new Option('--faults <level>', 'how much goes wrong (default swarm)').choices([...FAULT_LEVELS]),
    )
    .option('--without <kind>', 'leave out a kind of fault or of incident; repeatable', kind, [])
    .option('--until <time>', 'end a run after so much virtual time: 90m, 12h, 30d', duration)
    .addOption(
      new Option(
        '--explain [text]',
        'tell the story of an order; of the first that broke, by default',
      ).conflicts('json'),
    )
    .option('--history <file>', 'write all that happens to a file')
    .addOption(
      new Option('--shrink', 'look for a smaller run that still fails').conflicts(['explain', 'json']),
    )
    .addOption(
      new Option('--total <n>', 'a long run: seeds until so many orders are done; goes on where it stopped')
        .argParser(wholeNumber(1, 1e9))
        .conflicts(['seeds', ...LATER]),
    )
    .addOption(new Option('--million', 'as --total 1000000').conflicts(['total', 'seeds', ...LATER]))
    .addOption(
      new Option(
        '--defects',
        'make each defect of tests/support/src/defects.ts, and print which seed finds it',
      ).conflicts([...LATER, 'total', 'million', 'seed', 'seeds', 'orders', 'faults', 'json']),
    )
    .option('--defect <text>', 'as --defects, of those whose names have the text')
    .option('--json', 'print the result as JSON', false)
    .addHelpText('after', '\nExit code 0: every promise held; 1: one was broken; 2: wrong command line.');
}

function jobOf({ explain, shrink, defects, defect, million, total = million && MILLION }: Given): Job {
  if (defects || defect !== undefined) return { kind: 'defects', name: defect };
  if (total !== undefined) return { kind: 'long run', total };
  if (shrink) return { kind: 'shrink' };
  if (explain === undefined) return { kind: 'run' };
  return { kind: 'explain', about: explain === true ? undefined : explain };
}

/** Reads the command line; commander prints the help and what is wrong, and ends the process. */
export function parseOptions(argv: readonly string[]): Options {
  const parser = command().exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2));
  const given = parser.parse(argv, { from: 'user' }).opts<Given>();
  const job = jobOf(given);
  const isLong = job.kind === 'long run';
  const { seeds, without, json, history, until } = given;
  if (seeds > 1 && (history !== undefined || job.kind !== 'run'))
    parser.error('error: --explain, --shrink and --history are for one seed');
  return {
    ...{ job, seeds, without, json, history, untilMs: until },
    // A long run is found again by its first seed.
    seed: given.seed ?? (isLong ? 1 : 1 + Math.floor(Math.random() * (MAX_SEED - 1))),
    orders: given.orders ?? (isLong ? LONG_RUN_ORDERS : DEFAULT_ORDERS),
    faults: given.faults ?? (isLong ? undefined : 'swarm'),
  };
}
