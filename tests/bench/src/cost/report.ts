import { type OrderBill, orderBill, ordersOf, standingBill, totalOf } from './bill.ts';
import { cancelledOrder, type Life, type Step, shippedOrder, stepNames, withoutWebhooks } from './life.ts';
import { unitPrices } from './prices.ts';
import { logBytesOf, withoutSpans } from './rate.ts';
import { isLookUp, isReceived, type Run } from './run.ts';
import type { Stage } from './stage.ts';
import { priceOf, type Usage } from './usage.ts';

export const RATES = [10, 1_000, 100_000] as const;
export const MILLION = 1_000_000;

/** What one order was counted to need in a step, when nothing is batched. */
export function countOf(invocations: readonly Run[]) {
  const calls = invocations.flatMap((each) => each.calls);
  const queue = invocations.filter(isReceived);
  return {
    http: invocations.filter(({ source }) => source === 'http').length,
    invocations: invocations.length,
    readUnits: calls.reduce((sum, { readUnits }) => sum + readUnits, 0),
    writeUnits: calls.reduce((sum, { writeUnits }) => sum + writeUnits, 0),
    sent: calls.filter((call) => !isLookUp(call)).reduce((sum, { requests }) => sum + requests, 0),
    received: queue.length,
    logBytes: logBytesOf(withoutSpans(invocations.flatMap(({ logged }) => logged))),
  };
}

/** The counts of each step, as docs/cost.md shows them. */
export function countTable(life: Life): string {
  const row = (title: string, invocations: readonly Run[]) => {
    const { http, invocations: runs, readUnits, writeUnits, sent, received } = countOf(invocations);
    return [title, http, runs, readUnits, writeUnits, sent, received, received].map(String);
  };
  const of = (steps: readonly Step[]) => steps.flatMap((step) => life.steps[step]);
  return table(
    ['step', 'HTTP', 'invocations', 'read units', 'write units', 'sends', 'receives', 'deletes'],
    [
      ...stepNames.map((step) => row(step, life.steps[step])),
      row('**an order that is shipped**', of(shippedOrder)),
      row('**an order that is cancelled**', of(cancelledOrder)),
    ],
  );
}

/** What our services use. */
const titles = {
  httpRequests: 'HTTP API requests',
  lambdaRequests: 'Lambda requests',
  lambdaGbSeconds: 'Lambda duration',
  writeUnits: 'DynamoDB writes',
  readUnits: 'DynamoDB reads',
  fifoRequests: 'SQS sends, receives, deletes',
  standardRequests: "SQS, publishers' look-ups",
  logBytes: 'CloudWatch Logs',
  traces: 'X-Ray traces',
} as const satisfies Partial<Record<keyof Usage, string>>;
const ourCharges = Object.keys(titles) as readonly (keyof typeof titles)[];

/**
 * What orders cost, and a month, in Markdown.
 *
 * @param whole the life of orders, with or without webhooks; a month has what it has
 * @param stages at least one; orders cost what they cost in the last one
 */
export function report(whole: Life, stages: readonly Stage[]): string {
  const life = withoutWebhooks(whole);
  const busiest = stages.at(-1);
  if (busiest === undefined) throw new Error('There is no stage to report on');
  const bills = RATES.map((rate) => orderBill(life, busiest, rate));
  const perMillion = (title: string, usd: (bill: OrderBill) => number) => [
    title,
    ...bills.map((bill) => money(usd(bill) * MILLION)),
  ];
  const shipped = (bill: OrderBill) => priceOf(bill.shipped);
  const things = ourCharges.map((name) =>
    perMillion(titles[name], (bill) => bill.shipped[name] * unitPrices[name]),
  );
  const steps = stepNames.map((step) => perMillion(step, (bill) => priceOf(bill.steps[step])));
  return [
    'One order, with nothing batched:',
    countTable(life),
    'USD for a million orders that are shipped, by what is charged:',
    table(['', ...rates], [...things, perMillion('**sum**', shipped)]),
    'USD for a million orders, by step:',
    table(
      ['', ...rates],
      [
        ...steps,
        perMillion('**an order that is shipped**', shipped),
        perMillion('**an order that is cancelled**', ({ cancelled }) => priceOf(cancelled)),
      ],
    ),
    'USD that a million orders cost more with a parameter of stages.yml:',
    table(
      ['', ...rates],
      [
        additions(life, busiest, '`traceSpans: "true"`', { spans: true }),
        additions(life, busiest, '`tracing: Active`', { traced: true }),
      ],
    ),
    ...stages.flatMap((stage) => [
      `USD a month, stage ${stage.name}:`,
      table(['', 'idle', ...rates], monthRows(whole, stage)),
    ]),
  ].join('\n\n');
}

/** What a million orders cost more in a stage that differs by these settings. */
function additions(life: Life, stage: Stage, title: string, more: Partial<Stage>): readonly string[] {
  const usd = (each: Stage, rate: number) => priceOf(orderBill(life, each, rate).shipped) * MILLION;
  return [title, ...RATES.map((rate) => money(usd({ ...stage, ...more }, rate) - usd(stage, rate)))];
}

export const rates = RATES.map((rate) => `${rate.toLocaleString('en-GB')} a day`);

function monthRows(life: Life, stage: Stage): readonly (readonly string[])[] {
  const months = [0, ...RATES].map((rate) => ({
    orders: ordersOf(withoutWebhooks(life), stage, rate),
    all: ordersOf(life, stage, rate),
    standing: standingBill(life, stage, rate),
  }));
  const row = (title: string, usd: (month: (typeof months)[number]) => number) => [
    title,
    ...months.map((month) => money(usd(month))),
  ];
  return [
    row('orders', ({ orders }) => orders),
    row('webhooks, without an endpoint', ({ orders, all }) => all - orders),
    row("Lambda's empty receives", ({ standing }) => standing.emptyReceives),
    row('custom metrics', ({ standing }) => standing.metrics),
    row(`${stage.alarmMetrics} metrics of alarms`, ({ standing }) => standing.alarms),
    row(`${stage.dashboards} dashboards`, ({ standing }) => standing.dashboards),
    row('**sum**', ({ all, standing }) => all + totalOf(standing)),
  ];
}

export const money = (usd: number): string =>
  usd.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** Markdown. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) =>
    Math.max(3, title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const padded = (cell: string, column: number) =>
    column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0);
  const line = (cells: readonly string[]) => `| ${cells.map(padded).join(' | ')} |`;
  const rule = widths.map((width, column) =>
    column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}
