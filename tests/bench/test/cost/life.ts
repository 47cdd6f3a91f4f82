import { type Life, type Step, stepNames, steps } from '../../src/cost/life.ts';
import type { MeteredInvocation } from '../../src/cost/meter.ts';
import type { Stage } from '../../src/cost/stage.ts';

/** A stage that watches nothing, whose functions are set as those of `prod`. */
export const aStage: Stage = {
  name: 'test',
  queues: [],
  alarmMetrics: 0,
  dashboards: 0,
  schedules: 0,
  systemLogs: false,
  traced: false,
  spans: false,
};

const paid = { readUnits: 0, writeUnits: 0, requests: 0 };
const write = { ...paid, api: 'DynamoDB', operation: 'PutItem', writeUnits: 2 } as const;
const send = { ...paid, api: 'SQS', operation: 'SendMessageBatch', requests: 1 } as const;

/** A life in which every function writes or sends once. */
export function aLife(): Life {
  return {
    steps: Object.fromEntries(
      stepNames.map((step) => [step, steps[step].map(([fn, cause]) => invocation(fn, cause))]),
    ) as Record<Step, MeteredInvocation[]>,
    lookUpRequests: { orders: 3, inventory: 2, notifications: 1 },
  };
}

function invocation(fn: string, cause: string): MeteredInvocation {
  const [service = '', functionName = ''] = fn.split('/');
  const source = cause.includes('/') ? 'http' : functionName === 'publish-events' ? 'stream' : 'queue';
  const metric = { Namespace: 'Orderly', Metrics: [{ Name: `${functionName} runs` }] };
  return {
    id: '1',
    service,
    functionName,
    memoryMb: 512,
    source,
    causes: [cause],
    logged: [JSON.stringify({ _aws: { CloudWatchMetrics: [metric] } })],
    calls: [source === 'stream' ? send : write],
  };
}
