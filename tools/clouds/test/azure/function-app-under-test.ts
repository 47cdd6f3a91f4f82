import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type FunctionApp,
  type InvocationReport,
  startFunctionApp,
} from '../../src/azure/function-app/start.ts';
import { type ServiceBus, startServiceBus } from '../../src/azure/service-bus/server.ts';

export interface Written {
  readonly function: string;
  readonly message: Readonly<Record<string, unknown>>;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** A function app on a Service Bus, with what it has written and reported. */
export interface FunctionAppUnderTest {
  readonly app: FunctionApp;
  readonly bus: ServiceBus;
  readonly lines: readonly string[];
  readonly reports: readonly InvocationReport[];
  /** What a function has written, in order. */
  written(name: string): readonly Written[];
  send(entity: string, ...entries: readonly object[]): Promise<void>;
  stop(): Promise<void>;
}

export const hostJson = {
  version: '2.0',
  extensions: {
    http: { routePrefix: '' },
    serviceBus: { maxConcurrentSessions: 4, sessionIdleTimeout: '00:00:00.2' },
  },
};

const parse = (line: string): Written | undefined => {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
};

/** @param program the app's; the one in function-app.cjs unless given */
export const startUnderTest = async (
  program?: string,
  options: { readonly hostJson?: unknown } = {},
): Promise<FunctionAppUnderTest> => {
  const folder = await mkdtemp(join(tmpdir(), 'function-app-'));
  const bundle = join(folder, 'app.cjs');
  if (program === undefined) await copyFile(join(__dirname, 'function-app.cjs'), bundle);
  else await writeFile(bundle, program);
  const subscription = { name: 'orders', requiresSession: true, maxDeliveryCount: 3 };
  const topics = [{ name: 'local-events', subscriptions: [subscription] }];
  const entities = { topics, queues: [{ name: 'mails', maxDeliveryCount: 3 }] };
  const bus = await startServiceBus({ port: 0, restPort: 0, entities });
  const lines: string[] = [];
  const reports: InvocationReport[] = [];
  const clean = async (): Promise<void> => {
    await bus.stop();
    await rm(folder, { recursive: true, force: true });
  };
  const app = await startFunctionApp({
    bundle,
    port: 0,
    env: { STAGE: 'local', BUS: bus.connectionString },
    hostJson,
    onLine: (line) => lines.push(line),
    onInvocation: (report) => reports.push(report),
    ...options,
  }).catch(async (error: unknown) => {
    await clean();
    throw error;
  });
  return {
    app,
    bus,
    lines,
    reports,
    written: (name) => lines.map(parse).filter((each) => each?.function === name) as Written[],
    async send(entity, ...entries) {
      const headers = { 'content-type': 'application/vnd.microsoft.servicebus.json' };
      const response = await fetch(`${bus.restEndpoint}/${entity}/messages`, {
        method: 'POST',
        headers,
        body: JSON.stringify(entries),
      });
      if (!response.ok) throw new Error(await response.text());
    },
    async stop() {
      await app.stop();
      await clean();
    },
  };
};
