import { setTimeout as pause } from 'node:timers/promises';
import { type AwsProxy, type Intercept, startAwsProxy } from '@orderly/local/aws-proxy';
import type { ServicePackage } from '@orderly/local/packages';
import { createStackResources } from '@orderly/local/service-config';
import { startTestEmulators } from '@orderly/local/testing';
import { assumptions } from '../cost/assumptions.ts';

/** AWS as functions see it: the tables and queues of packaged services, and the time that each request takes. */
export interface StandIn {
  /** The environment of a function that is to use it. */
  readonly environment: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

const region = 'eu-central-1';

/** Answers after so many milliseconds at the earliest, as the bill in docs/cost.md has it. */
const after =
  (ms: number): Intercept =>
  async (_, forward) => {
    const [reply] = await Promise.all([forward(), pause(ms)]);
    return reply;
  };

export async function startStandIn(packages: readonly ServicePackage[]): Promise<StandIn> {
  const emulators = await startTestEmulators();
  const proxies: AwsProxy[] = [];
  const stop = async () => {
    for (const proxy of proxies) proxy.close();
    await emulators.stop();
  };
  try {
    for (const { service, template } of packages) {
      const stack = `orderly-${service}-dev`;
      await createStackResources(template, { region, stack, endpoints: emulators });
    }
    const { DynamoDB, SQS } = assumptions.requestMs;
    const dynamodb = await startAwsProxy(emulators.dynamodb, after(DynamoDB));
    const sqs = await startAwsProxy(emulators.sqs, after(SQS));
    proxies.push(dynamodb, sqs);
    const environment = {
      AWS_ENDPOINT_URL_DYNAMODB: dynamodb.url,
      AWS_ENDPOINT_URL_SQS: sqs.url,
      WAKE_UPS_URL: `${sqs.url}/000000000000/dev-webhooks--deliveries`,
      WEBHOOK_KEY: Buffer.alloc(32).toString('base64'),
      WEBHOOK_LOOPBACK: 'true',
    };
    return { environment, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
