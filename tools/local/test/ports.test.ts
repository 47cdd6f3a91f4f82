import { createServer, type Server } from 'node:net';
import {
  assertDistinct,
  assertFree,
  consolePort,
  freePort,
  freeServicePorts,
  isFree,
  isListening,
  readPort,
  servicePorts,
  servicePortUses,
} from '../src/ports.ts';
import { services } from '../src/services.ts';

const order = ['orders', 'inventory', 'notifications'];

const listen = (port: number): Promise<Server> =>
  new Promise((done) => {
    const server = createServer().listen(port, '127.0.0.1', () => done(server));
  });

it('services have ports by their places in the compose file', () => {
  expect(order.map((name) => servicePorts(name, order, {}))).toEqual([
    { http: 3001, lambda: 3101 },
    { http: 3002, lambda: 3102 },
    { http: 3003, lambda: 3103 },
  ]);
});

it('the services of this repository are listed in order', () => {
  expect(services.slice(0, 3)).toEqual(order);
});

it('a service that is not listed has the next place', () => {
  expect(servicePorts('billing', order, {})).toEqual({ http: 3004, lambda: 3104 });
});

it('the environment changes ports', () => {
  expect(servicePorts('orders', order, { ORDERLY_ORDERS_PORT: '4001' })).toEqual({
    http: 4001,
    lambda: 4101,
  });
  const env = { ORDERLY_GIFT_CARDS_PORT: '4001', ORDERLY_GIFT_CARDS_LAMBDA_PORT: '4900' };
  expect(servicePorts('gift-cards', order, env)).toEqual({ http: 4001, lambda: 4900 });
});

it.each(['0', '65536', '-1', '80a', '1.5', 'http'])(
  'an error names the variable with "%s" instead of a port',
  (text) => {
    expect(() => readPort({ ORDERLY_SQS_PORT: text }, 'ORDERLY_SQS_PORT', 9324)).toThrow(
      `ORDERLY_SQS_PORT must be a port from 1 to 65535, but is "${text}".`,
    );
  },
);

it('an empty variable counts as unset', () => {
  expect(readPort({ ORDERLY_SQS_PORT: ' ' }, 'ORDERLY_SQS_PORT', 9324)).toBe(9324);
});

it('an error names both variables with the same port', () => {
  const uses = [
    { port: 4000, variable: 'ORDERLY_A_PORT', what: 'a' },
    { port: 4000, variable: 'ORDERLY_B_PORT', what: 'b' },
  ];
  expect(() => assertDistinct(uses)).toThrow(/Port 4000 .*ORDERLY_A_PORT.*ORDERLY_B_PORT/);
});

it('an error names the taken port, its purpose and the variable that changes it', async () => {
  const port = await freePort();
  const server = await listen(port);
  try {
    expect(await isFree(port)).toBe(false);
    expect(await isListening(port)).toBe(true);
    const taken = assertFree([{ port, variable: 'ORDERLY_ORDERS_PORT', what: 'the HTTP API of orders' }]);
    await expect(taken).rejects.toThrow(
      `Port ${port} for the HTTP API of orders is taken; set ORDERLY_ORDERS_PORT to another one.`,
    );
  } finally {
    server.close();
  }
});

it('every service and the console get free ports of their own', async () => {
  const env = await freeServicePorts();
  const ofServices = services.flatMap((service) => Object.values(servicePortUses(service, services, env)));
  const uses = [consolePort(env), ...ofServices];

  expect(uses.map(({ variable }) => variable)).toEqual(Object.keys(env));
  await expect(assertFree(uses)).resolves.toBeUndefined();
});

it('no port is given twice while its owner runs', async () => {
  const ports = await Promise.all(Array.from({ length: 300 }, freePort));

  expect(new Set(ports).size).toBe(300);
});
