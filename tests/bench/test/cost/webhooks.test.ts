import { DELIVERIES_OF_AN_ORDER } from '../../src/cost/deliveries.ts';
import { type Life, stepNames, withoutWebhooks } from '../../src/cost/life.ts';
import type { PaidCall, Run } from '../../src/cost/run.ts';
import { deliveryBill, idleBill, webhookCounts, webhookReport } from '../../src/cost/webhooks.ts';
import { aLife, aStage } from './life.ts';

const life = aLife();
const call = (more: Partial<PaidCall>): PaidCall => ({
  ...{ api: 'DynamoDB', operation: 'PutItem', readUnits: 0, writeUnits: 0, requests: 0 },
  ...more,
});
const aRun = (functionName: string, more: Partial<Run>): Run => ({
  ...{ service: 'webhooks', functionName, memoryMb: 512, source: 'queue', logged: [], calls: [] },
  ...more,
});
const send = (queue: string) => call({ api: 'SQS', operation: 'SendMessageBatch', requests: 1, queue });
const toWebhooks = send('cost-order-events--webhooks.fifo');
const wakeUp = send('cost-webhooks--deliveries');
const read = call({ operation: 'Query', readUnits: 1 });

/** The life with runs of webhooks where an order's event is published, and with what the publisher sends to it. */
function withWebhooks(...runs: readonly Run[]): Life {
  const steps = stepNames.map((step) => {
    const theirs = life.steps[step].map((run) =>
      run.service === 'orders' && run.source === 'stream'
        ? { ...run, calls: [...run.calls, toWebhooks] }
        : run,
    );
    return [
      step,
      step === 'placed' || step === 'confirmed' || step === 'shipped' ? [...theirs, ...runs] : theirs,
    ];
  });
  const { orders = 0, ...others } = life.lookUpRequests;
  return { steps: Object.fromEntries(steps), lookUpRequests: { ...others, orders: orders + 1 } };
}

const consume = aRun('consume-order-events', { calls: [read] });
const lives = {
  idle: withWebhooks(consume),
  delivering: withWebhooks(
    { ...consume, calls: [read, call({ writeUnits: 3 }), wakeUp] },
    aRun('deliver', { source: 'standard-queue', calls: [call({ writeUnits: 5 })], waitsMs: 200 }),
  ),
};

it('a life without webhooks has nothing of it, and nothing that is sent to it', () =>
  expect(withoutWebhooks(lives.delivering)).toEqual(life));

it('an order whose events nobody gets is sent, received and read for each of them', () => {
  const bill = idleBill(lives, aStage, 10);

  expect(bill).toMatchObject({ httpRequests: 0, writeUnits: 0, readUnits: DELIVERIES_OF_AN_ORDER });
  expect(bill.lambdaRequests).toBeCloseTo(3, 2);
  expect(bill.fifoRequests).toBeCloseTo(3 * 3, 2);
});

it('a delivery is sent, received and deleted by standard requests, and waits for the endpoint', () => {
  const bill = deliveryBill(lives, aStage, 100_000);

  expect(bill.writeUnits).toBeCloseTo(8, 9);
  expect(bill.fifoRequests).toBeCloseTo(0, 9);
  expect(bill.standardRequests).toBeCloseTo(3, 9);
  expect(bill.lambdaRequests).toBeCloseTo(1, 9);
  // 10 ms of its own, 200 for the endpoint, 8 for each of two writes, and 12 for the wake-up, shared by a batch.
  expect(bill.lambdaGbSeconds).toBeGreaterThan((0.226 * 512) / 1_024);
  expect(bill.lambdaGbSeconds).toBeLessThan((0.239 * 512) / 1_024);
});

it('counts are of an order and of one delivery', () => {
  const numbers = webhookCounts(lives)
    .split('\n')
    .slice(2)
    .map((row) => row.split('|').slice(2, -1).map(Number));

  expect(numbers).toEqual([
    [3, 3, 0, 3, 3, 3],
    [1, 0, 8, 1, 1, 1],
  ]);
});

it('what stands there is what the templates of webhooks have', () => {
  const queues = [
    { consumer: 'webhooks/consume-order-events', pollers: 5, isFifo: true },
    { consumer: 'webhooks/deliver', pollers: 5, isFifo: false },
  ];
  const stages = [aStage, { ...aStage, name: 'large', queues, alarmMetrics: 20, dashboards: 1 }];
  const report = webhookReport(lives, aStage, stages);

  // 15 polls a minute of each queue.
  const polls = 15 * 60 * 24 * 30;
  const receives = ((polls * (0.5 + 0.4)) / 1_000_000).toFixed(2);
  expect(report).toMatch(new RegExp(`empty receives +\\| +0\\.00 \\| +${receives} \\|`));
  expect(report).toMatch(/0 and 20 metrics of alarms +\| +0\.00 \| +2\.00 \|/);
  expect(report).toMatch(/0 and 1 dashboards +\| +0\.00 \| +3\.00 \|/);
});
