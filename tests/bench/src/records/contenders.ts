import type { Quartiles } from '@orderly/support/statistics';
import { goodMessages, oneBadMessage, otherRecords, publishedRecords } from './inputs.ts';

/** A function under measurement, and what it is given. */
export interface Contender {
  /** A file of `handlers/`, without its ending. */
  readonly source: string;
  /** What it exports. */
  readonly exported: string;
  readonly input: Input;
  /** How many records of a batch it gives back. */
  readonly givesBack: number;
}

/** Batches as Lambda would hand them over. */
export const inputs = {
  'all good': goodMessages,
  'one bad in ten': oneBadMessage,
  'stream, ours': publishedRecords,
  'stream, not ours': otherRecords,
};

export type Input = keyof typeof inputs;

/** With which our consumer is profiled. */
export const profiledInputs = ['all good', 'one bad in ten'] as const satisfies readonly Input[];

export type ProfiledInput = (typeof profiledInputs)[number];

const handler = (source: string, input: Input, givesBack = 0): Contender => {
  return { source, exported: 'handler', input, givesBack };
};
const bad = (source: string) => handler(source, 'one bad in ten', source === unchecked ? 0 : 1);

/** It does not look at what it parses. */
const unchecked = 'json-parse';

/** The consumers, in the order of the table; the first is what the others are compared with. */
export const consumers = [
  { name: 'JSON.parse and no-op', source: unchecked },
  { name: '**ours**: `consume(on(OrderPlaced, ...))`', source: 'consume' },
  { name: 'middy, partial-batch middleware, precompiled ajv', source: 'middy' },
  { name: 'Powertools BatchProcessor with its parser (zod)', source: 'powertools' },
] as const;

export type ConsumerSource = (typeof consumers)[number]['source'];

/** What the time of our consumer goes to, in the order of the table. */
export const activities = {
  parse: 'JSON.parse',
  patterns: 'the regular expressions of the schemas',
  check: 'the other checks of envelope and data, and finding the reaction',
  faults: 'valibot finds the faults of a bad event, and its log line masks them',
  context: 'the request context, its span, AsyncLocalStorage',
  consume: 'messages, groups, failures, promises',
  lines: 'counts, the line of metrics, log lines, writing both',
  memory: 'garbage collection',
  rest: 'the handler, and what has no name',
};

export type Activity = keyof typeof activities;

export const contenders = {
  ...Object.fromEntries(consumers.map(({ source }) => [`good ${source}`, handler(source, 'all good')])),
  ...Object.fromEntries(consumers.map(({ source }) => [`bad ${source}`, bad(source)])),
  'stream other': handler('publish', 'stream, not ours'),
  'stream publish': handler('publish', 'stream, ours'),
  'stream send': handler('send', 'stream, ours'),
} as Readonly<Record<ContenderName, Contender>>;

export type ContenderName = `${'good' | 'bad'} ${ConsumerSource}` | `stream ${'other' | 'publish' | 'send'}`;

/** What a contender is compared with. */
export function yardstickOf(name: ContenderName): ContenderName {
  const [kind] = name.split(' ');
  if (kind === 'stream') return 'stream send';
  return kind === 'bad' ? `bad ${unchecked}` : `good ${unchecked}`;
}

/** Microseconds of one record, by contender. */
export interface RecordFigures {
  /** The version that ran them: the last of those that the benchmark was given. */
  readonly node: string;
  readonly microseconds: Readonly<Record<ContenderName, Quartiles>>;
  /** How many times as long as its yardstick in the same round: the median. What else the machine does meets both. */
  readonly relative: Readonly<Record<ContenderName, number>>;
  /** Percent of our consumer's processor time, by activity. */
  readonly profile: Readonly<Record<ProfiledInput, Readonly<Record<Activity, number>>>>;
}
