import { type CloudEvent, OrderPlaced, OrderShipped } from '@orderly/contracts';
import type { DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import fc from 'fast-check';
import { log } from '../src/log.ts';
import { departuresOf, publishOutbox, waves } from '../src/publish-outbox.ts';
import type { Message } from '../src/send.ts';
import { orderEvent, streamRecord } from './records.ts';
import { accessDenied, Fault, noSuchQueue, type Queue, SqsStandIn, unavailable } from './sqs-stand-in.ts';

const prefix = 'test-order-events--';
const parkingName = 'test-dlq--order-events.fifo';
const unchanged = { ...process.env };
let standIn: SqsStandIn;
let parking: Queue;
let publish: (event: DynamoDBStreamEvent) => Promise<unknown>;

beforeEach(async () => {
  standIn = new SqsStandIn();
  process.env.AWS_ENDPOINT_URL_SQS = await standIn.start();
  parking = standIn.create(parkingName);
  publish = publishOutbox({ topic: 'order-events' });
});
afterEach(async () => {
  process.env = { ...unchanged };
  jest.restoreAllMocks();
  await standIn.stop();
});

const all = { batchItemFailures: [] };
const from = (itemIdentifier: string) => ({ batchItemFailures: [{ itemIdentifier }] });
const ids = (...events: readonly CloudEvent[]) => events.map(({ id }) => id);
const bodyOf = (entry: { readonly MessageBody?: string | undefined }) => JSON.parse(entry.MessageBody ?? '');
const throwing = (fault: Fault) => () => {
  throw fault;
};
const permanently = { Code: 'InvalidParameterValue', Message: 'too long', SenderFault: true };
const forNow = { Code: 'InternalError', Message: 'later', SenderFault: false };
/** Refuses one event only. */
const refusing =
  <T>(event: CloudEvent, refusal: T) =>
  (entry: { readonly MessageBody?: string | undefined }) =>
    bodyOf(entry).id === event.id && refusal;

const [a1, a2, b1, c1] = [orderEvent('A'), orderEvent('A'), orderEvent('B'), orderEvent('C')];

describe('publishing', () => {
  it('sends every event of every new image, as it is, to every subscription', async () => {
    const first = standIn.create(`${prefix}first.fifo`);
    const second = standIn.create(`${prefix}second`);

    const answer = await publish({ Records: [streamRecord('1', a1, a2), streamRecord('2', b1)] });

    expect(answer).toEqual(all);
    expect([...first.events].toSorted()).toEqual(ids(a1, a2, b1).toSorted());
    expect([...second.events].toSorted()).toEqual(ids(a1, a2, b1).toSorted());
    expect(first.received.map(bodyOf)).toContainEqual(a1);
  });

  it('groups by aggregate and deduplicates by event', async () => {
    const queue = standIn.create(`${prefix}first.fifo`);

    await publish({ Records: [streamRecord('1', a1)] });

    expect(queue.received).toMatchObject([{ MessageGroupId: 'A', MessageDeduplicationId: a1.id }]);
  });

  it('sends a subscription only the events that its tag names', async () => {
    const shipped = orderEvent('A', { type: OrderShipped.type });
    const queue = standIn.create(`${prefix}shipping.fifo`, { 'orderly:events': 'OrderShipped' });

    await publish({ Records: [streamRecord('1', a1, shipped)] });

    expect(queue.events).toEqual([shipped.id]);
  });

  it('sends to the queues of other accounts that the service is told of', async () => {
    const theirs = standIn.create('theirs.fifo');
    process.env.EXTRA_SUBSCRIPTIONS = theirs.url;

    await publishOutbox({ topic: 'order-events' })({ Records: [streamRecord('1', a1)] });

    expect(theirs.events).toEqual([a1.id]);
  });

  it('asks SQS nothing when there is nothing to publish', async () => {
    const { dynamodb, ...removed } = streamRecord('1');

    const answer = await publish({
      Records: [removed, { dynamodb: { ...dynamodb, NewImage: { pk: { S: 'x' } } } }],
    });

    expect(answer).toEqual(all);
    expect(standIn.calls).toEqual([]);
  });

  it('is done when there are no subscribers', async () => {
    expect(await publish({ Records: [streamRecord('1', a1)] })).toEqual(all);
    expect(standIn.countOf('SendMessageBatch')).toBe(0);
  });

  it('sends more than 10 events, and more than 256 KiB, in several requests', async () => {
    const queue = standIn.create(`${prefix}first.fifo`);
    const many = Array.from({ length: 23 }, (_, index) => orderEvent(`order ${index}`));
    const large = ['X', 'Y', 'Z'].map((subject) => orderEvent(subject, { data: 'x'.repeat(100_000) }));

    await publish({ Records: [...many, ...large].map((event, index) => streamRecord(String(index), event)) });

    expect(new Set(queue.events)).toEqual(new Set(ids(...many, ...large)));
    expect(queue.batches.map((batch) => batch.length).toSorted()).toEqual([1, 10, 10, 5]);
  });

  it('looks subscriptions up once, while they are good', async () => {
    standIn.create(`${prefix}first.fifo`);

    await publish({ Records: [streamRecord('1', a1)] });
    await publish({ Records: [streamRecord('2', a2)] });

    expect(standIn.countOf('ListQueues')).toBe(1);
  });

  it('fails as a whole when it cannot find out who subscribes', async () => {
    standIn.listFault = accessDenied;

    await expect(publish({ Records: [streamRecord('1', a1)] })).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
  });
});

describe('order within an aggregate', () => {
  it('is kept: an event is sent only after the one before it was taken', async () => {
    const queue = standIn.create(`${prefix}first.fifo`);

    await publish({ Records: [streamRecord('1', a1), streamRecord('2', b1), streamRecord('3', a2)] });

    expect(queue.batches.map((batch) => batch.map((entry) => bodyOf(entry).id))).toEqual([
      ids(a1, b1),
      ids(a2),
    ]);
  });

  it('is kept when an event fails: the later ones of its aggregate wait, others go out', async () => {
    const queue = standIn.create(`${prefix}first.fifo`);
    queue.refuses = refusing(a1, forNow);
    const a3 = orderEvent('A');

    const answer = await publish({
      Records: [
        streamRecord('1', b1),
        streamRecord('2', a1, a2),
        streamRecord('3', c1),
        streamRecord('4', a3),
      ],
    });

    expect(answer).toEqual(from('2'));
    expect(queue.events).toEqual(ids(b1, c1));
  });

  it('goes on behind an event that is refused for good', async () => {
    const queue = standIn.create(`${prefix}first.fifo`);
    queue.refuses = refusing(a1, permanently);

    const answer = await publish({ Records: [streamRecord('1', a1, a2)] });

    expect(answer).toEqual(all);
    expect(queue.events).toEqual([a2.id]);
    expect(parking.events).toEqual([a1.id]);
  });
});

describe('a failure for a while', () => {
  it.each<[string, (queue: Queue) => void]>([
    ['of one entry', (queue) => (queue.refuses = refusing(b1, forNow))],
    [
      'by throttling of one entry',
      (queue) =>
        (queue.refuses = refusing(b1, { ...forNow, Code: 'ThrottlingException', SenderFault: true })),
    ],
    ['that leaves an entry out of the answer', (queue) => (queue.refuses = refusing(b1, 'omitted' as const))],
  ])('%s gives back its record, and nothing is parked', async (_how, arrange) => {
    const queue = standIn.create(`${prefix}first.fifo`);
    arrange(queue);

    const answer = await publish({
      Records: [streamRecord('1', a1), streamRecord('2', b1), streamRecord('3', c1)],
    });

    expect(answer).toEqual(from('2'));
    expect(queue.events).toEqual(ids(a1, c1));
    expect(parking.received).toEqual([]);
  });

  it.each([unavailable, new Fault(403, 'RequestThrottled'), new Fault(400, 'KmsThrottled')])(
    'of the whole call gives back the lowest record: %j',
    async (fault) => {
      standIn.create(`${prefix}broken.fifo`).refuses = throwing(fault);
      const healthy = standIn.create(`${prefix}healthy.fifo`);

      const answer = await publish({ Records: [streamRecord('1', a1), streamRecord('2', b1)] });

      expect(answer).toEqual(from('1'));
      expect(healthy.events).toEqual(ids(a1, b1));
      expect(parking.received).toEqual([]);
    },
  );

  it('of several subscriptions gives back the lowest record of all', async () => {
    standIn.create(`${prefix}first.fifo`).refuses = refusing(c1, forNow);
    standIn.create(`${prefix}second.fifo`).refuses = refusing(b1, forNow);

    const answer = await publish({
      Records: [streamRecord('1', a1), streamRecord('2', b1), streamRecord('3', c1)],
    });

    expect(answer).toEqual(from('2'));
  });
});

describe('a refusal for good', () => {
  it('parks the event whole, with target and reason, and blocks neither the shard nor the others', async () => {
    const broken = standIn.create(`${prefix}broken.fifo`);
    broken.refuses = refusing(a1, permanently);
    const healthy = standIn.create(`${prefix}healthy.fifo`);

    const answer = await publish({ Records: [streamRecord('1', a1), streamRecord('2', b1)] });

    expect(answer).toEqual(all);
    expect(healthy.events).toEqual(ids(a1, b1));
    expect(broken.events).toEqual([b1.id]);
    expect(parking.received.map(bodyOf)).toEqual([a1]);
    expect(parking.received).toMatchObject([
      {
        MessageGroupId: 'A',
        MessageDeduplicationId: expect.stringMatching(new RegExp(`^${a1.id}:[0-9a-f]{16}$`)),
        MessageAttributes: {
          target: { DataType: 'String', StringValue: broken.url },
          reason: { DataType: 'String', StringValue: 'InvalidParameterValue: too long' },
        },
      },
    ]);
  });

  it('of the whole call parks every event of it', async () => {
    standIn.create(`${prefix}broken.fifo`).refuses = throwing(accessDenied);
    const many = Array.from({ length: 12 }, (_, index) => orderEvent(`order ${index}`));

    const answer = await publish({ Records: many.map((event, index) => streamRecord(String(index), event)) });

    expect(answer).toEqual(all);
    expect(new Set(parking.events)).toEqual(new Set(ids(...many)));
  });

  it('of two subscriptions parks the event once for each', async () => {
    const targets = ['first', 'second'].map((name) => standIn.create(`${prefix}${name}.fifo`));
    for (const target of targets) target.refuses = throwing(accessDenied);

    await publish({ Records: [streamRecord('1', a1)] });

    const parkedFor = parking.received.map(({ MessageAttributes }) => MessageAttributes?.target?.StringValue);
    expect(parkedFor.toSorted()).toEqual(targets.map(({ url }) => url));
    expect(new Set(parking.received.map((entry) => entry.MessageDeduplicationId)).size).toBe(2);
  });

  it.each([
    ['ünïcode\n\u0000', 'C: n code'.length, 'C:  n code'],
    ['x'.repeat(2_000), 1_000, `C: ${'x'.repeat(997)}`],
  ])('gives a reason that SQS takes as an attribute (%#)', async (Message, _length, reason) => {
    standIn.create(`${prefix}broken.fifo`).refuses = () => ({ ...permanently, Code: 'C', Message });

    await publish({ Records: [streamRecord('1', a1)] });

    expect(parking.received[0]?.MessageAttributes?.reason?.StringValue).toBe(reason);
  });

  it('gives a reason even where there is none', async () => {
    standIn.create(`${prefix}broken.fifo`).refuses = () => ({ ...permanently, Code: '\u00e9', Message: '' });

    await publish({ Records: [streamRecord('1', a1)] });

    expect(parking.received[0]?.MessageAttributes?.reason?.StringValue).toBe(':');
  });
});

describe('when an event cannot even be parked', () => {
  let broken: Queue;
  beforeEach(() => {
    broken = standIn.create(`${prefix}broken.fifo`);
    broken.refuses = refusing(b1, permanently);
  });
  const records: readonly DynamoDBRecord[] = [
    streamRecord('1', a1),
    streamRecord('2', b1),
    streamRecord('3', c1),
  ];

  it('because the dead-letter queue is missing, its record is given back; it is parked once there is one', async () => {
    standIn.delete(parkingName);
    const logged = jest.spyOn(log, 'error');

    const without = await publish({ Records: [...records] });
    parking = standIn.create(parkingName);
    const again = await publish({ Records: records.slice(1) });

    expect(without).toEqual(from('2'));
    expect(logged).toHaveBeenNthCalledWith(1, 'Events could not be parked; the stream will come again', {
      queueName: parkingName,
      error: expect.objectContaining({ name: 'QueueDoesNotExist' }),
    });
    expect(again).toEqual(all);
    expect(parking.events).toEqual([b1.id]);
  });

  it.each([
    [() => permanently, 'InvalidParameterValue: too long'],
    [() => forNow, 'InternalError: later'],
    [throwing(unavailable), 'ServiceUnavailable: told by the stand-in'],
  ])(
    'because the dead-letter queue refuses it, its record is given back and the log says why (%#)',
    async (refuses, reason) => {
      parking.refuses = refuses;
      const logged = jest.spyOn(log, 'error');

      const answer = await publish({ Records: [...records] });

      expect(answer).toEqual(from('2'));
      expect(broken.events).toEqual(ids(a1, c1));
      expect(logged.mock.calls).toEqual([
        ['Events could not be parked; the stream will come again', { queueName: parkingName, reason }],
      ]);
    },
  );

  it('the later events of its aggregate wait', async () => {
    standIn.delete(parkingName);
    const b2 = orderEvent('B');

    const answer = await publish({ Records: [streamRecord('1', b1), streamRecord('2', b2)] });

    expect(answer).toEqual(from('1'));
    expect(broken.events).toEqual([]);
  });
});

describe('a subscription that is gone', () => {
  it('is looked up again at once, and its events are dropped when it really is', async () => {
    standIn.create(`${prefix}gone.fifo`);
    const healthy = standIn.create(`${prefix}healthy.fifo`);
    await publish({ Records: [streamRecord('1', a1)] });
    standIn.delete(`${prefix}gone.fifo`);

    const answer = await publish({ Records: [streamRecord('2', b1)] });
    await publish({ Records: [streamRecord('3', c1)] });

    expect(answer).toEqual(all);
    expect(healthy.events).toEqual(ids(a1, b1, c1));
    expect(parking.received).toEqual([]);
    expect(standIn.countOf('ListQueues')).toBe(2);
  });

  it('but still listed gets its events parked: nothing is lost on a contradiction', async () => {
    standIn.create(`${prefix}contradictory.fifo`).refuses = throwing(noSuchQueue);

    const answer = await publish({ Records: [streamRecord('1', a1)] });

    expect(answer).toEqual(all);
    expect(parking.events).toEqual([a1.id]);
    expect(standIn.countOf('ListQueues')).toBe(2);
  });

  it('while the look-up fails gets its events parked', async () => {
    standIn.create(`${prefix}gone.fifo`);
    await publish({ Records: [streamRecord('1', a1)] });
    standIn.delete(`${prefix}gone.fifo`);
    standIn.listFault = unavailable;

    const answer = await publish({ Records: [streamRecord('2', b1)] });

    expect(answer).toEqual(all);
    expect(parking.events).toEqual([b1.id]);
  });
});

describe('departuresOf', () => {
  it('reads what is needed of an image, and nothing else', () => {
    expect(departuresOf(streamRecord('7', a1))).toEqual([
      {
        body: JSON.stringify(a1),
        type: OrderPlaced.type,
        deduplicationId: a1.id,
        group: 'A',
        sequenceNumber: '7',
      },
    ]);
  });

  it.each<[string, DynamoDBRecord]>([
    ['nothing', {}],
    ['no image', { dynamodb: { SequenceNumber: '1' } }],
    ['no outbox', { dynamodb: { SequenceNumber: '1', NewImage: {} } }],
    ['an outbox that is no map', { dynamodb: { SequenceNumber: '1', NewImage: { outbox: { S: 'x' } } } }],
    ['no subject', { dynamodb: { SequenceNumber: '1', NewImage: { outbox: { M: { events: { L: [] } } } } } }],
    [
      'no events',
      { dynamodb: { SequenceNumber: '1', NewImage: { outbox: { M: { subject: { S: 'A' } } } } } },
    ],
    ['no sequence number', { dynamodb: { ...streamRecord('1', a1).dynamodb, SequenceNumber: undefined } }],
  ])('finds nothing in a record with %s', (_what, record) => {
    expect(departuresOf(record)).toEqual([]);
  });

  it('makes of a broken entry one that a queue refuses, so that it is seen', () => {
    const NewImage = { outbox: { M: { subject: { S: 'A' }, events: { L: [{ M: {} }, { S: 'x' }] } } } };

    const empty = { body: '', type: '', deduplicationId: '', group: 'A', sequenceNumber: '1' };
    expect(departuresOf({ dynamodb: { SequenceNumber: '1', NewImage } })).toEqual([empty, empty]);
  });
});

describe('waves', () => {
  it('hold every message once, each aggregate at most once a wave, and in order', () => {
    const messages = fc
      .array(fc.constantFrom('A', 'B', 'C', 'D'), { maxLength: 40 })
      .map((groups) =>
        groups.map((group, index): Message => ({ group, body: '', deduplicationId: `${index}` })),
      );

    fc.assert(
      fc.property(messages, (sent) => {
        const result = waves(sent);

        for (const group of ['A', 'B', 'C', 'D']) {
          const perWave = result.map((wave) => wave.filter((message) => message.group === group));
          expect(perWave.every(({ length }) => length <= 1)).toBe(true);
          expect(perWave.flat()).toEqual(sent.filter((message) => message.group === group));
        }
        expect(result.flat()).toHaveLength(sent.length);
        expect(result.every(({ length }) => length > 0)).toBe(true);
      }),
    );
  });
});
