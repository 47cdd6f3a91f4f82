import { metricsOf, orderBill, type StandingBill, standingBill, totalOf } from './bill.ts';
import { DELIVERIES_OF_AN_ORDER } from './deliveries.ts';
import { type Life, shippedOrder, withoutWebhooks } from './life.ts';
import { monthlyPrices, unitPrices } from './prices.ts';
import { countOf, MILLION, money, RATES, rates, table } from './report.ts';
import type { Stage } from './stage.ts';
import { difference, priceOf, shareOf, type Usage } from './usage.ts';

/** What was counted of orders that are shipped: each is the one before with something more. */
export interface WebhookLives {
  /** No endpoint is registered. */
  readonly idle: Life;
  /** Every event is posted to one endpoint. */
  readonly delivering: Life;
}

/** What webhooks makes an order cost more that is shipped, without an endpoint. */
export const idleBill = ({ idle }: WebhookLives, stage: Stage, ordersPerDay: number): Usage =>
  difference(
    orderBill(idle, stage, ordersPerDay).shipped,
    orderBill(withoutWebhooks(idle), stage, ordersPerDay).shipped,
  );

/** What one delivery costs, from the event that webhooks has received to the answer that it has recorded. */
export const deliveryBill = (
  { idle, delivering }: WebhookLives,
  stage: Stage,
  ordersPerDay: number,
): Usage => {
  const more = difference(
    orderBill(delivering, stage, ordersPerDay).shipped,
    orderBill(idle, stage, ordersPerDay).shipped,
  );
  return shareOf(more, DELIVERIES_OF_AN_ORDER);
};

const titles = {
  lambdaRequests: 'Lambda requests',
  lambdaGbSeconds: 'Lambda duration',
  writeUnits: 'DynamoDB writes',
  readUnits: 'DynamoDB reads',
  fifoRequests: 'SQS, FIFO queues',
  standardRequests: 'SQS, wake-ups and look-ups',
  logBytes: 'CloudWatch Logs',
} as const satisfies Partial<Record<keyof Usage, string>>;

/**
 * What webhooks costs, in Markdown.
 *
 * @param stage of all services
 * @param alone stages that have nothing but this service
 */
export function webhookReport(lives: WebhookLives, stage: Stage, alone: readonly Stage[]): string {
  return [
    'Webhooks, with nothing batched:',
    webhookCounts(lives),
    'USD that a million orders that are shipped cost more with webhooks, without an endpoint:',
    chargesOf((rate) => idleBill(lives, stage, rate)),
    'USD for a million deliveries:',
    chargesOf((rate) => deliveryBill(lives, stage, rate)),
    'USD a month for what stands there of webhooks, idle:',
    standingTable(lives, alone),
  ].join('\n\n');
}

/** The counts, as docs/cost.md shows them. */
export function webhookCounts({ idle, delivering }: WebhookLives): string {
  const countsOf = (life: Life) => {
    const runs = shippedOrder.flatMap((step) => life.steps[step]);
    const { invocations, readUnits, writeUnits, sent, received } = countOf(runs);
    return [invocations, readUnits, writeUnits, sent, received, received];
  };
  const [without = [], counted = [], posted = []] = [withoutWebhooks(idle), idle, delivering].map(countsOf);
  const row = (title: string, more: readonly number[], less: readonly number[], parts = 1) => [
    title,
    ...more.map((each, column) => String((each - (less[column] ?? 0)) / parts)),
  ];
  return table(
    ['', 'invocations', 'read units', 'write units', 'sends', 'receives', 'deletes'],
    [
      row('an order that is shipped, without an endpoint', counted, without),
      row('one delivery', posted, counted, DELIVERIES_OF_AN_ORDER),
    ],
  );
}

function chargesOf(bill: (ordersPerDay: number) => Usage): string {
  const bills = RATES.map(bill);
  const rows = (Object.keys(titles) as readonly (keyof typeof titles)[]).map((name) => [
    titles[name],
    ...bills.map((each) => money(each[name] * unitPrices[name] * MILLION)),
  ]);
  return table(
    ['', ...rates],
    [...rows, ['**sum**', ...bills.map((each) => money(priceOf(each) * MILLION))]],
  );
}

function standingTable({ idle, delivering }: WebhookLives, stages: readonly Stage[]): string {
  const bills = stages.map((stage) => standingBill(idle, stage, 0));
  const row = (title: string, usd: (bill: StandingBill) => number) => [
    title,
    ...bills.map((each) => money(usd(each))),
  ];
  const numberOf = (of: (stage: Stage) => number) => stages.map(of).join(' and ');
  const metrics = metricsOf(delivering).size - metricsOf(idle).size;
  return table(
    ['', ...stages.map(({ name }) => `\`${name}\``)],
    [
      row("Lambda's empty receives", ({ emptyReceives }) => emptyReceives),
      row(`${numberOf(({ alarmMetrics }) => alarmMetrics)} metrics of alarms`, ({ alarms }) => alarms),
      row(`${numberOf(({ dashboards }) => dashboards)} dashboards`, ({ dashboards }) => dashboards),
      row('**sum**', totalOf),
      row(`more, with deliveries: ${metrics} custom metrics`, () => metrics * monthlyPrices.metrics),
    ],
  );
}
