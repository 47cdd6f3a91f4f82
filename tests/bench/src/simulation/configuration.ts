import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'yaml';

/** What the services are deployed with, from where it is. */
export interface Configuration {
  /** Requests a second that API Gateway lets through to place-order, and how many at once. */
  readonly writeRate: number;
  readonly writeBurst: number;
  /** Batches of a subscription that are at work at once. */
  readonly consumerConcurrency: number;
  readonly queueBatch: number;
  readonly streamBatch: number;
  /** Batches of one shard that are at work at once. */
  readonly parallelizationFactor: number;
}

type Stage = Pick<Configuration, 'writeRate' | 'writeBurst' | 'consumerConcurrency'>;

interface ConsumerYaml {
  readonly events: readonly [{ readonly sqs: { readonly batchSize: number } }];
}

interface PublisherYaml {
  readonly 'publish-events': {
    readonly events: readonly [
      { readonly stream: { readonly batchSize: number; readonly parallelizationFactor?: number } },
    ];
  };
}

const read = (name: string): unknown =>
  parse(readFileSync(resolve(__dirname, '../../../../shared/serverless', name), 'utf8'), {
    logLevel: 'silent',
  });

/** The configuration of a stage. */
export function configurationOf(stage: string): Configuration {
  const stages = read('stages.yml') as { readonly default: Stage } & Readonly<Record<string, Partial<Stage>>>;
  const { writeRate, writeBurst, consumerConcurrency } = { ...stages.default, ...stages[stage] };
  const consumer = read('consumer.yml') as ConsumerYaml;
  const { stream } = (read('publish-events.yml') as PublisherYaml)['publish-events'].events[0];
  return {
    writeRate,
    writeBurst,
    consumerConcurrency,
    queueBatch: consumer.events[0].sqs.batchSize,
    streamBatch: stream.batchSize,
    parallelizationFactor: stream.parallelizationFactor ?? 1,
  };
}
