import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type FromHost, type HostPlan, PLAN_VARIABLE } from './messages.ts';
import { createRouter } from './router.ts';

// The process of a service. It is bundled, so that it runs without a compiler.

/** As much of @google-cloud/functions-framework/testing as is used. */
interface FrameworkTesting {
  getTestServer(functionName: string): Server;
  getFunction(functionName: string): unknown;
}

/** Cloud Run gives so long: https://cloud.google.com/run/docs/container-contract#instance-shutdown */
const SHUTDOWN_MS = 10_000;

const plan = JSON.parse(process.env[PLAN_VARIABLE] ?? '{}') as HostPlan;

/** The framework's own server of each function, with its Express application; none of them listens. */
const serversOf = ({ bundle, functions }: HostPlan): ReadonlyMap<string, Server> => {
  require(bundle);
  const framework = require('@google-cloud/functions-framework/testing') as FrameworkTesting;
  const missing = functions.filter((name) => framework.getFunction(name) === undefined);
  if (missing.length > 0) throw new Error(`${bundle} does not register ${missing.join(', ')}.`);
  return new Map(functions.map((name) => [name, framework.getTestServer(name)]));
};

const servers = serversOf(plan);
const route = createRouter(plan);

const send = (message: FromHost): void => {
  if (process.connected) process.send?.(message);
};

const report = (name: string, response: ServerResponse): void => {
  const [startedAt, start] = [Date.now(), performance.now()];
  response.once('close', () => {
    const ok = response.writableFinished && response.statusCode < 500;
    send({ type: 'invocation', name, startedAt, durationMs: performance.now() - start, ok });
  });
};

const answer = (request: IncomingMessage, response: ServerResponse): void => {
  const target = route(request.method ?? 'GET', request.url ?? '/');
  const server = target && servers.get(target.functionName);
  if (!server) {
    response.writeHead(404).end();
    return;
  }
  request.url = target.url;
  report(target.functionName, response);
  server.emit('request', request, response);
};

const server = createServer(answer);
server.keepAliveTimeout = 120_000;
server.listen(plan.port, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  send({ type: 'ready', port, memoryBytes: process.memoryUsage.rss() });
});

const stop = (): void => {
  server.close(() => process.exit(0));
  server.closeIdleConnections();
  setTimeout(() => process.exit(0), SHUTDOWN_MS).unref();
};
process.once('SIGTERM', stop);
// Ctrl-C reaches every process of a terminal: who started this one ends it once nobody needs it any more.
process.on('SIGINT', () => undefined);
process.once('disconnect', stop);
