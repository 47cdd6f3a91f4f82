import type { Table, Target } from '../part.ts';
import { type Activity, activities, consumers, profiledInputs, type RecordFigures } from './contenders.ts';

type Microseconds = RecordFigures['microseconds'];
type Relative = RecordFigures['relative'];

const limits = { consumed: 2.4, withBad: 4, other: 1, published: 1 };

export function tables({ node, microseconds, relative, profile }: RecordFigures): readonly Table[] {
  return [
    consumedTable(microseconds, relative, node),
    profileTable(profile),
    streamTable(microseconds, relative),
  ];
}

export function targets({ microseconds, relative }: RecordFigures): readonly Target[] {
  const consumed = relative['good consume'];
  const withBad = relative['bad consume'];
  const other = microseconds['stream other'].median;
  const published = relative['stream publish'];
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

function consumedTable(microseconds: Microseconds, relative: Relative, node: string): Table {
  const rows = consumers.map(({ name, source }) => {
    const { q1, median, q3 } = microseconds[`good ${source}`];
    const bad = microseconds[`bad ${source}`].median;
    const [ratio, badRatio] = [relative[`good ${source}`], relative[`bad ${source}`]];
    return [name, ...[median, q1, q3, ratio, bad, badRatio].map((cell) => cell.toFixed(2))];
  });
  return {
    title: `A consumed record under Node.js ${node}, in batches of 10: microseconds, and the median of the ratios to JSON.parse in the same round`,
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

function streamTable(microseconds: Microseconds, relative: Relative): Table {
  const rows = [
    ['nothing to publish', 'stream other'],
    ['**ours**: one event, published to one subscription', 'stream publish'],
    ['its batch entry, built and sent with the bare SDK', 'stream send'],
  ] as const;
  return {
    title: 'A stream record, in batches of 100: microseconds, without the network',
    columns: ['record', 'median', 'q1', 'q3', 'ratio'],
    rows: rows.map(([name, contender]) => {
      const { q1, median, q3 } = microseconds[contender];
      return [name, ...[median, q1, q3, relative[contender]].map((cell) => cell.toFixed(2))];
    }),
  };
}
