import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'yaml';

/** What the services are deployed with, from where it is. */
export interface Configuration {
  /** Requests a second that API Gateway lets through to place-order. */
  readonly writeRate: number;
  /** Batches of a subscription that are at work at once. */
  readonly consumerConcurrency: number;
  readonly queueBatch: number;
}

type Stage = Pick<Configuration, 'writeRate' | 'consumerConcurrency'>;

interface ConsumerYaml {
  readonly events: readonly [{ readonly sqs: { readonly batchSize: number } }];
}

const read = (name: string): unknown =>
  parse(readFileSync(resolve(__dirname, '../../../../shared/serverless', name), 'utf8'), {
    logLevel: 'silent',
  });

/** The configuration of a stage. */
export function configurationOf(stage: string): Configuration {
  const stages = read('stages.yml') as { readonly default: Stage } & Readonly<Record<string, Partial<Stage>>>;
  const { writeRate, consumerConcurrency } = { ...stages.default, ...stages[stage] };
  const consumer = read('consumer.yml') as ConsumerYaml;
  return { writeRate, consumerConcurrency, queueBatch: consumer.events[0].sqs.batchSize };
}
