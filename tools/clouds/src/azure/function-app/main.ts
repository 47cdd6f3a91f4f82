import { createRequire } from 'node:module';
import { describeTriggers, readTriggers, type Triggers } from './bindings.ts';
import { loadFunctionApp } from './functions-core.ts';
import { readHostJson } from './host-json.ts';
import { startHttpTriggers } from './http-trigger.ts';
import { Invoker } from './invoker.ts';
import type { FromHost, HostSettings } from './messages.ts';
import { Running } from './running.ts';
import type { ServiceBusClient, ServiceBusLibrary } from './service-bus-client.ts';
import { startServiceBusTrigger } from './service-bus-trigger.ts';
import { startTimerTrigger } from './timer-trigger.ts';

/** Time for what runs when the host is to stop. */
const STOP_LIMIT_MS = 5_000;

const send = (message: FromHost): void => {
  if (process.connected) process.send?.(message);
};

/** One client for each connection string. The library is loaded only where it is used. */
const clientsFor = ({ serviceBus }: Triggers, packages: string): ReadonlyMap<string, ServiceBusClient> => {
  const connections = new Set(serviceBus.map(({ connectionString }) => connectionString));
  if (connections.size === 0) return new Map();
  const library = createRequire(packages)('@azure/service-bus') as ServiceBusLibrary;
  return new Map(
    [...connections].map((connection) => [connection, new library.ServiceBusClient(connection)]),
  );
};

const main = async (): Promise<void> => {
  const { bundle, packages, port, hostJson }: HostSettings = JSON.parse(process.argv[2] ?? '{}');
  const { routePrefix: prefix, functionTimeoutMs, serviceBus: settings } = readHostJson(hostJson);
  const app = await loadFunctionApp(bundle, packages);
  const { invoke } = new Invoker(app, send, functionTimeoutMs);
  const running = new Running();
  const triggers = readTriggers(app.functions.values(), process.env);
  const http = await startHttpTriggers(triggers.http, { port, prefix, invoke });
  const stopping = new AbortController();
  const { signal } = stopping;
  const clients = clientsFor(triggers, packages);
  const log = (message: string): void => void process.stderr.write(`[warning] ${message}\n`);
  for (const each of triggers.serviceBus) {
    const client = clients.get(each.connectionString);
    if (client) startServiceBusTrigger(each, { client, settings, invoke, running, signal, log });
  }
  const endTimers = triggers.timers.map((timer) => startTimerTrigger(timer, invoke));
  process.on('message', ({ name }: { readonly name: string }) => {
    const timer = triggers.timers.find((each) => each.name === name);
    if (timer) void invoke(timer.name, timer.trigger, { json: '{"IsPastDue":false}' }).catch(() => {});
  });
  const stop = async (): Promise<void> => {
    if (signal.aborted) return;
    stopping.abort();
    setTimeout(() => process.exit(0), STOP_LIMIT_MS).unref();
    for (const end of endTimers) end();
    await Promise.all([http.stop(), running.settled()]);
    await Promise.all([...clients.values()].map((client) => client.close()));
    process.exit(0);
  };
  for (const event of ['SIGTERM', 'SIGINT', 'disconnect']) process.on(event, () => void stop());
  send({ type: 'ready', port: http.port, functions: describeTriggers(triggers) });
};

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
});
