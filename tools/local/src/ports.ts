import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAlive } from './is-alive.ts';
import { repositoryRoot, services } from './services.ts';

export { repositoryRoot };

export type Env = Readonly<Record<string, string | undefined>>;

export interface ServicePorts {
  readonly http: number;
  readonly lambda: number;
}

export interface PortUse {
  readonly port: number;
  readonly variable: string;
  readonly what: string;
}

export const host = '127.0.0.1';
const FIRST_SERVICE_PORT = 3001;
const LAMBDA_OFFSET = 100;
const HIGHEST_PORT = 65_535;

/**
 * Reads a TCP port from the environment.
 * @param name the variable, e.g. `ORDERLY_SQS_PORT`
 * @param fallback the port when the variable is unset or empty
 * @throws Error that names the variable when it is not an integer from 1 to 65535
 */
export const readPort = (env: Env, name: string, fallback: number): number => {
  const text = env[name]?.trim() || String(fallback);
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > HIGHEST_PORT) {
    throw new Error(`${name} must be a port from 1 to ${HIGHEST_PORT}, but is "${text}".`);
  }
  return port;
};

export const dynamodbPort = (env: Env): PortUse => ({
  port: readPort(env, 'ORDERLY_DYNAMODB_PORT', 8000),
  variable: 'ORDERLY_DYNAMODB_PORT',
  what: 'DynamoDB',
});

export const sqsPort = (env: Env): PortUse => ({
  port: readPort(env, 'ORDERLY_SQS_PORT', 9324),
  variable: 'ORDERLY_SQS_PORT',
  what: 'SQS',
});

export const issuerPort = (env: Env): PortUse => ({
  port: readPort(env, 'ORDERLY_AUTH_PORT', 8090),
  variable: 'ORDERLY_AUTH_PORT',
  what: 'the issuer of tokens',
});

export const consolePort = (env: Env): PortUse => ({
  port: readPort(env, 'ORDERLY_CONSOLE_PORT', 3000),
  variable: 'ORDERLY_CONSOLE_PORT',
  what: 'the console',
});

const variablePrefix = (service: string): string =>
  `ORDERLY_${service.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_')}`;

/**
 * The two ports of a service: its HTTP API and serverless-offline's Lambda API.
 * A service listed in serverless-compose.yml at place n (from 0) has 3001 + n; the Lambda API is
 * 100 above. `ORDERLY_<SERVICE>_PORT` and `ORDERLY_<SERVICE>_LAMBDA_PORT` change them.
 * @param order the names in serverless-compose.yml; a service not listed comes after the last one
 */
export const servicePortUses = (
  service: string,
  order: readonly string[],
  env: Env,
): { readonly http: PortUse; readonly lambda: PortUse } => {
  const place = order.includes(service) ? order.indexOf(service) : order.length;
  const prefix = variablePrefix(service);
  const http = {
    port: readPort(env, `${prefix}_PORT`, FIRST_SERVICE_PORT + place),
    variable: `${prefix}_PORT`,
    what: `the HTTP API of ${service}`,
  };
  const lambda = {
    port: readPort(env, `${prefix}_LAMBDA_PORT`, http.port + LAMBDA_OFFSET),
    variable: `${prefix}_LAMBDA_PORT`,
    what: `the Lambda API of ${service}`,
  };
  return { http, lambda };
};

export const servicePorts = (service: string, order: readonly string[], env: Env): ServicePorts => {
  const { http, lambda } = servicePortUses(service, order, env);
  return { http: http.port, lambda: lambda.port };
};

/** @throws Error that names both variables when two parts would use one port */
export const assertDistinct = (uses: readonly PortUse[]): void => {
  const seen = new Map<number, PortUse>();
  for (const use of uses) {
    const other = seen.get(use.port);
    if (other) {
      throw new Error(
        `Port ${use.port} is given to both ${other.what} (${other.variable}) and ${use.what} (${use.variable}). Set one of the two variables to another port.`,
      );
    }
    seen.set(use.port, use);
  }
};

/** True when something accepts connections on this port of 127.0.0.1. */
export const isListening = (port: number): Promise<boolean> =>
  new Promise((done) => {
    const socket = connect(port, host);
    const finish = (open: boolean) => {
      socket.destroy();
      done(open);
    };
    socket.once('connect', () => finish(true));
    socket.once('error', () => finish(false));
  });

const canListen = (port: number): Promise<boolean> =>
  new Promise((done) => {
    const server = createServer();
    server.once('error', () => done(false));
    server.listen(port, host, () => server.close(() => done(true)));
  });

/** True when nothing listens on the port of 127.0.0.1, not even on all addresses (macOS allows both). */
export const isFree = async (port: number): Promise<boolean> =>
  (await canListen(port)) && !(await isListening(port));

/** @throws Error that names every taken port and the variable that changes it */
export const assertFree = async (uses: readonly PortUse[]): Promise<void> => {
  assertDistinct(uses);
  const taken: PortUse[] = [];
  for (const use of uses) if (!(await isFree(use.port))) taken.push(use);
  if (taken.length === 0) return;
  const lines = taken.map(
    ({ port, variable, what }) => `Port ${port} for ${what} is taken; set ${variable} to another one.`,
  );
  throw new Error([...lines, 'Or stop what is using it (is Orderly running already?).'].join('\n'));
};

/** Settings by which every service of serverless-compose.yml and the console get ports that are free now. */
export const freeServicePorts = async (): Promise<Record<string, string>> => {
  const ports: Record<string, string> = { ORDERLY_CONSOLE_PORT: String(await freePort()) };
  for (const service of services) {
    ports[`${variablePrefix(service)}_PORT`] = String(await freePort());
    ports[`${variablePrefix(service)}_LAMBDA_PORT`] = String(await freePort());
  }
  return ports;
};

const [LOWEST_FREE, HIGHEST_FREE] = [20_000, 29_999];

const reservations = join(tmpdir(), `orderly-ports-${process.getuid?.() ?? 'all'}`);

/** @returns whether no running process, this one included, has reserved the port */
const reserve = (port: number): boolean => {
  mkdirSync(reservations, { recursive: true });
  const file = join(reservations, String(port));
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (Object(error).code !== 'EEXIST') throw error;
    if (isLeftBehind(file)) rmSync(file, { force: true });
    return false;
  }
};

const isLeftBehind = (file: string): boolean => {
  try {
    const holder = Number(readFileSync(file, 'utf8'));
    // One that reads 0 is about to write its id.
    return holder > 0 && !isAlive(holder);
  } catch {
    // Another process has removed it.
    return false;
  }
};

/**
 * A port that is free now, and that no call gives again while this process runs: platforms that start at the same time
 * look for ports before they listen. Not one of those that the operating system gives to outgoing connections (from
 * 32768 on Linux, 49152 elsewhere): such a one may be taken before anybody listens on it.
 */
export const freePort = async (): Promise<number> => {
  for (;;) {
    const port = LOWEST_FREE + Math.floor(Math.random() * (HIGHEST_FREE - LOWEST_FREE + 1));
    if (reserve(port) && (await isFree(port))) return port;
  }
};
