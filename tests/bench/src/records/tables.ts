import type { Table, Target } from '../part.ts';
import {
  type Activity,
  activities,
  type ConsumerSource,
  consumers,
  profiledInputs,
  type RecordFigures,
} from './contenders.ts';

type Microseconds = RecordFigures['microseconds'];

const limits = { consumed: 2.4, withBad: 4, other: 1, published: 1 };

export function tables({ node, microseconds, profile }: RecordFigures): readonly Table[] {
  return [consumedTable(microseconds, node), profileTable(profile), streamTable(microseconds)];
}

export function targets({ microseconds }: RecordFigures): readonly Target[] {
  const consumed = ratio(microseconds, 'good', 'consume');
  const withBad = ratio(microseconds, 'bad', 'consume');
  const other = microseconds['stream other'].median;
  const published = publishedRatio(microseconds);
  return [
    {
      what: 'a consumed record, of JSON.parse and no-op',
      limit: `<= ${limits.consumed} x`,
      measured: `${consumed.toFixed(2)} x`,
      met: consumed <= limits.consumed,
    },
    {
      what: 'a consumed record where one in ten is bad, of JSON.parse and no-op',
      limit: `<= ${limits.withBad} x`,
      measured: `${withBad.toFixed(2)} x`,
      met: withBad <= limits.withBad,
    },
    {
      what: 'a stream record with nothing to publish',
      limit: `<= ${limits.other} µs`,
      measured: `${other.toFixed(2)} µs`,
      met: other <= limits.other,
    },
    {
      what: 'a published stream record, of building and sending its batch entry',
      limit: `<= ${limits.published} x`,
      measured: `${published.toFixed(2)} x`,
      met: published <= limits.published,
    },
  ];
}

function consumedTable(microseconds: Microseconds, node: string): Table {
  const rows = consumers.map(({ name, source }) => {
    const { q1, median, q3 } = microseconds[`good ${source}`];
    const bad = microseconds[`bad ${source}`].median;
    const ratios = [ratio(microseconds, 'good', source), ratio(microseconds, 'bad', source)];
    return [name, ...[median, q1, q3, ratios[0], bad, ratios[1]].map((cell) => (cell ?? 0).toFixed(2))];
  });
  return {
    title: `A consumed record under Node.js ${node}, in batches of 10: microseconds, and their lower quartile relative to that of JSON.parse`,
    columns: ['consumer', 'all good', 'q1', 'q3', 'ratio', 'one bad in ten', 'ratio'],
    rows,
  };
}

function profileTable(profile: RecordFigures['profile']): Table {
  const rows = Object.entries(activities).map(([activity, name]) => {
    const shares = profiledInputs.map((input) => profile[input][activity as Activity]);
    return [name, ...shares.map((share) => `${share.toFixed(1)} %`)];
  });
  return {
    title: 'Where the time of our consumer goes, by CPU profile',
    columns: ['activity', ...profiledInputs],
    rows,
  };
}

function streamTable(microseconds: Microseconds): Table {
  const rows = [
    ['nothing to publish', microseconds['stream other']],
    ['**ours**: one event, published to one subscription', microseconds['stream publish']],
    ['its batch entry, built and sent with the bare SDK', microseconds['stream send']],
  ] as const;
  return {
    title: 'A stream record, in batches of 100: microseconds, without the network',
    columns: ['record', 'median', 'q1', 'q3'],
    rows: rows.map(([name, { q1, median, q3 }]) => [
      name,
      ...[median, q1, q3].map((cell) => cell.toFixed(2)),
    ]),
  };
}

/** Of the lower quartiles: what else the machine does only adds time, and to the longer record more. */
function ratio(microseconds: Microseconds, messages: 'good' | 'bad', source: ConsumerSource): number {
  return microseconds[`${messages} ${source}`].q1 / microseconds[`${messages} json-parse`].q1;
}

function publishedRatio(microseconds: Microseconds): number {
  return microseconds['stream publish'].q1 / microseconds['stream send'].q1;
}
