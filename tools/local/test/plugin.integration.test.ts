import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { freePort, isFree } from '../src/ports.ts';
import { eventually } from './eventually.ts';
import { LAMBDA_OFFSET, type Service, start, untilReady } from './fixture-service.ts';

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

describe('while another runs', () => {
  let other: Service;

  beforeAll(async () => {
    other = await start(['offline']);
    await untilReady(other);
  });

  it('names the port that is taken and the variable that changes it', async () => {
    const service = await start(['offline'], { ORDERLY_FIXTURE_PORT: String(other.ports.http) });
    expect(await service.exited).toEqual([1, null]);
    expect(service.lines.join('\n')).toContain(
      `Port ${other.ports.http} for the HTTP API of fixture is taken; set ORDERLY_FIXTURE_PORT to another one.`,
    );
  });

  it('takes its emulators with it even when it is killed', async () => {
    other.child.kill('SIGKILL');
    await other.exited;
    const { dynamodb, sqs } = other.ports;
    await eventually(async () => expect([await isFree(dynamodb), await isFree(sqs)]).toEqual([true, true]));
  });
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
