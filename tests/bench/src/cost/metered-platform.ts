import { join } from 'node:path';
import { type AwsProxy, type Intercept, startAwsProxy } from '@orderly/local/aws-proxy';
import { type RunningPlatform, startPlatform } from '@orderly/local/platform';
import { freeServicePorts } from '@orderly/local/ports';
import { startTestEmulators } from '@orderly/local/testing';
import { Meter } from './meter.ts';

export interface MeteredPlatform {
  readonly record: RunningPlatform;
  readonly meter: Meter;
  stop(): Promise<void>;
}

/** The whole local platform, beside any that runs, with a meter between its functions and the emulators. */
export async function startMeteredPlatform(): Promise<MeteredPlatform> {
  const stops: (() => unknown)[] = [];
  const stop = async (): Promise<void> => {
    for (const each of stops.splice(0).reverse()) await each();
  };
  const meter = new Meter();
  const proxy = async (target: string, intercept: Intercept): Promise<AwsProxy> => {
    const started = await startAwsProxy(target, intercept);
    stops.push(started.close);
    return started;
  };
  try {
    const emulators = await startTestEmulators();
    stops.push(emulators.stop);
    const env = {
      ...(await freeServicePorts()),
      ORDERLY_STAGE: `cost${process.pid}`,
      ORDERLY_DYNAMODB_ENDPOINT: (await proxy(emulators.dynamodb, meter.dynamodb)).url,
      ORDERLY_SQS_ENDPOINT: (await proxy(emulators.sqs, meter.sqs)).url,
      ORDERLY_CHANNEL: 'log',
      NODE_OPTIONS: `--require ${join(__dirname, 'function-hook.cjs')}`,
    };
    const record = await startPlatform({ env, log: meter.line });
    stops.push(record.stop);
    return { record, meter, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
