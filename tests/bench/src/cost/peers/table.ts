import { orderBill, standingBill, totalOf } from '../bill.ts';
import type { Life } from '../life.ts';
import { unitPrices } from '../prices.ts';
import { money, RATES, table } from '../report.ts';
import type { Stage } from '../stage.ts';
import { priceOf, type Usage } from '../usage.ts';
import { airlineBooking } from './airline-booking.ts';
import { idleMonth, observationBill, peerBill } from './bill.ts';
import { type CountedDesign, countDesign } from './count.ts';
import { ecommercePlatform } from './ecommerce-platform.ts';

const MILLION = 1_000_000;
/** At this rate the charges are shown one by one. */
const RATE = 1_000;

/** What was counted of us and of others: each pair is an order that lives the same life. */
export interface Peers {
  /** An order of so many lines as `ecommerce` has, until it is shipped. */
  readonly shipped: Life;
  readonly ecommerce: CountedDesign;
  /** An order of one line, until its customer is notified; without the step `shipped`. */
  readonly notified: Life;
  readonly airline: CountedDesign;
}

/**
 * Counts the other designs for a comparison with our orders.
 *
 * @param shipped counted of an order of so many lines
 * @param single counted of an order of one line
 */
export async function comparePeers(shipped: Life, lines: number, single: Life): Promise<Peers> {
  return {
    shipped,
    ecommerce: await countDesign(ecommercePlatform(lines)),
    notified: { ...single, steps: { ...single.steps, shipped: [], cancelled: [] } },
    airline: await countDesign(airlineBooking()),
  };
}

const charges: readonly (readonly [title: string, ...names: readonly (keyof Usage)[]])[] = [
  ['requests to APIs', 'httpRequests', 'restRequests', 'graphqlRequests'],
  ['Step Functions transitions', 'stateTransitions'],
  ['Lambda requests', 'lambdaRequests'],
  ['Lambda duration', 'lambdaGbSeconds', 'lambdaX86GbSeconds'],
  ['DynamoDB writes', 'writeUnits'],
  ['DynamoDB reads', 'readUnits'],
  ['messages: SQS, EventBridge, SNS', 'fifoRequests', 'standardRequests', 'busEvents', 'topicMessages'],
  ['CloudWatch Logs', 'logBytes'],
];

interface Column {
  readonly title: string;
  /** Of an order, at so many a day. */
  readonly bill: (ordersPerDay: number, settings?: Pick<Stage, 'slowerWithLessMemory'>) => Usage;
  readonly observed: (ordersPerDay: number) => Usage | undefined;
  readonly beyond: (ordersPerDay: number) => number | undefined;
  readonly idleMonth: number;
}

/**
 * USD of us and of other designs, as Markdown.
 *
 * @param stage ours
 */
export function peerTable(peers: Peers, stage: Stage): string {
  const columns = [
    ours('Orderly, shipped', peers.shipped, stage),
    theirs(peers.ecommerce),
    ours('Orderly, 1 line, notified', peers.notified, stage),
    theirs(peers.airline),
  ];
  const row = (title: string, usd: (column: Column) => number | undefined, factor = MILLION) => [
    title,
    ...columns.map((column) => {
      const each = usd(column);
      return each === undefined ? '' : money(each * factor);
    }),
  ];
  const rate = (ordersPerDay: number) => `${ordersPerDay.toLocaleString('en-GB')} a day`;
  const costs = (ordersPerDay: number) => (column: Column) => priceOf(column.bill(ordersPerDay));
  return table(
    [`a million orders, ${rate(RATE)}`, ...columns.map(({ title }) => title)],
    [
      ...charges.map(([title, ...names]) =>
        row(title, (column) => {
          const bill = column.bill(RATE);
          return names.reduce((sum, name) => sum + bill[name] * unitPrices[name], 0);
        }),
      ),
      row('**sum**', costs(RATE)),
      ...RATES.filter((each) => each !== RATE).map((each) => row(`**sum**, ${rate(each)}`, costs(each))),
      ...[10, RATE].map((each) =>
        row(`more, if less memory is slower, ${rate(each)}`, ({ bill }) => {
          const slower = bill(each, { slowerWithLessMemory: true });
          return priceOf(slower) - priceOf(bill(each));
        }),
      ),
      row('more, as it is observed', (column) => {
        const observed = column.observed(RATE);
        return observed && priceOf(observed);
      }),
      row('more, for what it does beyond', (column) => column.beyond(RATE)),
      row('a month without orders', (column) => column.idleMonth, 1),
    ],
  );
}

const ours = (title: string, life: Life, stage: Stage): Column => ({
  title,
  bill: (ordersPerDay, settings) => orderBill(life, { ...stage, ...settings }, ordersPerDay).shipped,
  observed: () => undefined,
  beyond: () => undefined,
  idleMonth: totalOf(standingBill(life, stage, 0)),
});

const theirs = (counted: CountedDesign): Column => ({
  title: counted.design.title,
  bill: (ordersPerDay, settings) => peerBill(counted, 'same life', ordersPerDay, settings),
  observed: (ordersPerDay) => observationBill(counted, 'same life', ordersPerDay),
  beyond: (ordersPerDay) =>
    priceOf(peerBill(counted, 'all', ordersPerDay)) - priceOf(peerBill(counted, 'same life', ordersPerDay)),
  idleMonth: idleMonth(counted),
});
