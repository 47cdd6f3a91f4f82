import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { type CloudEvent, OrderPlaced } from '@orderly/contracts';
import { sampleEvent } from '@orderly/contracts/testing';
import { inRequestContext } from '@orderly/functions/observability/request-context';
import { call, deliver } from '../../../tests/platform/invoke.ts';
import { withResourcesOf } from '../../../tests/platform/resources.ts';
import { listDeliveries } from '../src/adapters/delivery-table.ts';
import { wakeTogether } from '../src/adapters/wake-ups.ts';
import { handler as consumeOrderEvents } from '../src/functions/consume-order-events.ts';
import { handler as registerEndpoint } from '../src/functions/register-endpoint.ts';
import { endpointId } from './builders.ts';

withResourcesOf('webhooks');

type Send = (command: object, ...rest: unknown[]) => Promise<unknown>;

// Other files have endpoints in the same table.

/** The commands of every client from here on, when each is begun and when it has ended, with what it is about. */
const log: { readonly what: string; readonly input: string }[] = [];
let meanwhile: (name: string) => Promise<void> = async () => undefined;

for (const { prototype } of [DynamoDBClient, SQSClient]) {
  const original = prototype.send as unknown as Send;
  const recorded: Send = async function (this: unknown, command, ...rest) {
    const { name } = command.constructor;
    const input = JSON.stringify(Object(command).input);
    log.push({ what: `${name} begins`, input });
    const answer = await original.call(this, command, ...rest);
    log.push({ what: `${name} ends`, input });
    await meanwhile(name);
    return answer;
  };
  jest.spyOn(prototype, 'send').mockImplementation(recorded as never);
}

beforeEach(() => {
  log.length = 0;
  meanwhile = async () => undefined;
});
afterAll(() => jest.restoreAllMocks());

/** @param of an endpoint, or of all */
const countOf = (entry: string, of = '') =>
  log.filter(({ what, input }) => what === entry && input.includes(of)).length;
const lastOf = (entry: string, of: string) =>
  log.findLastIndex(({ what, input }) => what === entry && input.includes(of));

async function register() {
  const body = { url: 'http://127.0.0.1:9/hook', events: ['OrderPlaced'] };
  const { status, body: endpoint } = await call(registerEndpoint, { route: 'POST /endpoints', body });
  expect(status).toBe(201);
  return endpointId(String(endpoint.endpointId));
}

const events = (count: number): CloudEvent[] =>
  Array.from({ length: count }, () => ({
    ...sampleEvent(OrderPlaced),
    id: randomUUID(),
    subject: randomUUID(),
  }));

const deliveredTo = async (id: ReturnType<typeof endpointId>) =>
  (await listDeliveries(id, 100, undefined)).items.map(({ eventId }) => eventId);

it('The events of a batch read the endpoints once, and are all delivered', async () => {
  const id = await register();
  log.length = 0;

  const batch = events(10);
  expect(await deliver(consumeOrderEvents, ...batch)).toEqual([]);

  expect(countOf('QueryCommand begins')).toBe(1);
  expect(await deliveredTo(id)).toEqual(expect.arrayContaining(batch.map((event) => event.id)));
});

it('The events of a batch share wake-ups, the last of which is sent when the last delivery is written', async () => {
  const id = await register();
  log.length = 0;

  expect(await deliver(consumeOrderEvents, ...events(10))).toEqual([]);

  // Of each delivery itself and its pointer.
  expect(countOf('PutItemCommand ends', id)).toBe(2 * 10);
  expect(countOf('SendMessageCommand begins', id)).toBeLessThan(10);
  expect(lastOf('SendMessageCommand begins', id)).toBeGreaterThan(lastOf('PutItemCommand ends', id));
});

it('An endpoint gets what comes after its registration, also while a read that began before is under way', async () => {
  let id: ReturnType<typeof endpointId> | undefined;
  const [event] = events(1);
  let later: Promise<unknown> = Promise.resolve();
  meanwhile = async (name) => {
    if (name !== 'QueryCommand') return;
    meanwhile = async () => undefined;
    id = await register();
    // The first read has not answered yet.
    if (event) later = deliver(consumeOrderEvents, event);
  };

  await deliver(consumeOrderEvents, ...events(1));

  expect(await later).toEqual([]);
  if (id === undefined) throw new Error('Nothing was registered');
  expect(await deliveredTo(id)).toContain(event?.id);
});

describe('a wake-up', () => {
  const id = endpointId();
  const wakeTimes = (times: number) => Array.from({ length: times }, () => wakeTogether(id));

  it('is sent at once, and one more for all who ask while it is being sent', async () => {
    await Promise.all(wakeTimes(10));
    expect(countOf('SendMessageCommand begins')).toBe(2);

    await wakeTogether(id);
    expect(countOf('SendMessageCommand begins')).toBe(3);
  });

  it('that cannot be sent fails those who wait for it, and not those who ask later', async () => {
    meanwhile = async () => {
      meanwhile = async () => undefined;
      throw new Error('cut off');
    };

    const outcomes = await Promise.allSettled(wakeTimes(3));

    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
  });

  it('of a message on its last receive is its own', async () => {
    const context = {
      correlationId: 'a-flow',
      causationId: 'a-cause',
      deadline: AbortSignal.timeout(60_000),
    };

    await inRequestContext(context, () => Promise.all(wakeTimes(3)));

    expect(countOf('SendMessageCommand begins')).toBe(3);
  });
});
