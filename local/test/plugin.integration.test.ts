import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { freePort, isFree } from '../src/ports.ts';
import { serverlessBin } from '../src/service-config.ts';
import { type Clients, localClients } from '../src/testing.ts';
import { eventually } from './eventually.ts';

interface Service {
  readonly child: ChildProcess;
  readonly exited: Promise<unknown[]>;
  readonly lines: readonly string[];
  readonly ports: { readonly http: number; readonly dynamodb: number; readonly sqs: number };
  readonly url: string;
  readonly clients: Clients;
}

const LAMBDA_OFFSET = 100;

/** The Lambda API is 100 above the HTTP API, so both must be free. */
const freeServicePort = async (): Promise<number> => {
  for (;;) {
    const port = await freePort();
    if (port < 65_000 && (await isFree(port + LAMBDA_OFFSET))) return port;
  }
};

const start = async (command: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Service> => {
  const ports = { http: await freeServicePort(), dynamodb: await freePort(), sqs: await freePort() };
  const stage = `p${ports.http}`;
  const child = spawn(process.execPath, [serverlessBin(), ...command, '--stage', stage], {
    cwd: resolve(__dirname, 'fixture'),
    env: {
      ...process.env,
      ORDERLY_FIXTURE_PORT: String(ports.http),
      ORDERLY_DYNAMODB_PORT: String(ports.dynamodb),
      ORDERLY_SQS_PORT: String(ports.sqs),
      ORDERLY_VISIBILITY_TIMEOUT: '1',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  for (const output of [child.stdout, child.stderr]) {
    createInterface({ input: output }).on('line', (line) => lines.push(line));
  }
  const endpoints = { dynamodb: `http://127.0.0.1:${ports.dynamodb}`, sqs: `http://127.0.0.1:${ports.sqs}` };
  const clients = localClients(endpoints, 'eu-central-1');
  const exited = once(child, 'exit');
  return { child, exited, lines, ports, url: `http://127.0.0.1:${ports.http}`, clients };
};

const untilReady = ({ lines, child }: Service) =>
  eventually(() => {
    if (child.exitCode !== null) throw new Error(`it ended:\n${lines.join('\n')}`);
    expect(lines.join('\n')).toContain('fixture is ready at');
  });

const put = (url: string, id: string, body: string) => fetch(`${url}/things/${id}`, { method: 'POST', body });

const deadLetters = async ({ clients, ports }: Service): Promise<readonly string[]> => {
  const QueueUrl = `http://127.0.0.1:${ports.sqs}/000000000000/p${ports.http}-dlq--things--work.fifo`;
  const { Messages = [] } = await clients.sqs.send(
    new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 10 }),
  );
  return Messages.map(({ Body = '' }) => JSON.parse(Body).id);
};

describe.each([[['offline']], [['offline', 'start']]])('sls %j', (command) => {
  let service: Service;

  beforeAll(async () => {
    service = await start(command);
    await untilReady(service);
  });

  afterAll(async () => {
    service.child.kill('SIGKILL');
    await service.exited;
  });

  it('answers HTTP on its port without the stage, with subscribers found within a second', async () => {
    const answer = await put(service.url, 'a', 'hello');
    expect(answer.status).toBe(201);
    expect(await answer.json()).toEqual({ ttl: '1' });
  });

  it('takes a change through the stream, the queue and back into the table', async () => {
    await put(service.url, 'b', 'hello');
    await eventually(async () => {
      const answer = await fetch(`${service.url}/things/b`);
      expect([answer.status, await answer.text()]).toEqual([200, 'hello']);
    });
  });

  it('parks a poison message in the dead-letter queue', async () => {
    await put(service.url, 'bad', 'poison');
    // On a machine that is busy enough, a good one takes more than the second that it has, and is parked, too.
    await eventually(async () => expect(await deadLetters(service)).toContain('bad'));
  });

  it('stops on SIGTERM with exit code 0, and leaves no port behind', async () => {
    service.child.kill('SIGTERM');
    expect(await service.exited).toEqual([0, null]);
    const { http, dynamodb, sqs } = service.ports;
    const all = [http, http + LAMBDA_OFFSET, dynamodb, sqs];
    await eventually(async () =>
      expect(await Promise.all(all.map(isFree))).toEqual([true, true, true, true]),
    );
  });
});

it('takes its emulators with it even when it is killed', async () => {
  const service = await start(['offline']);
  await untilReady(service);
  service.child.kill('SIGKILL');
  await service.exited;
  const { dynamodb, sqs } = service.ports;
  await eventually(async () => expect([await isFree(dynamodb), await isFree(sqs)]).toEqual([true, true]));
});

it('names the port that is taken and the variable that changes it', async () => {
  const other = await start(['offline']);
  await untilReady(other);
  const service = await start(['offline'], { ORDERLY_FIXTURE_PORT: String(other.ports.http) });
  expect(await service.exited).toEqual([1, null]);
  expect(service.lines.join('\n')).toContain(
    `Port ${other.ports.http} for the HTTP API of fixture is taken; set ORDERLY_FIXTURE_PORT to another one.`,
  );
  other.child.kill('SIGTERM');
  await other.exited;
});

it('names an endpoint that does not answer', async () => {
  const endpoint = `http://127.0.0.1:${await freePort()}`;
  const service = await start(['offline'], { ORDERLY_DYNAMODB_ENDPOINT: endpoint });
  expect(await service.exited).toEqual([1, null]);
  expect(service.lines.join('\n')).toContain(`DynamoDB does not answer at ${endpoint}`);
});

it('does nothing on other commands', async () => {
  const service = await start(['print', '--path', 'service'], { ORDERLY_SQS_PORT: 'no port' });
  expect(await service.exited).toEqual([0, null]);
  expect(service.lines.join('\n')).toContain('fixture');
});
