import { type AddressInfo, createServer } from 'node:net';
import { SQSClient } from '@aws-sdk/client-sqs';
import fc from 'fast-check';
import { batches, type Message, sendBatch } from '../src/aws/publishing/send.ts';
import { accessDenied, Fault, type Queue, SqsStandIn, unavailable } from './sqs-stand-in.ts';

const limit = 256 * 1024;
const message = (id: string, more: Partial<Message> = {}): Message => ({
  body: JSON.stringify({ id }),
  group: `group ${id}`,
  deduplicationId: id,
  ...more,
});
const sized = (bytes: number) => message('any', { body: 'x'.repeat(bytes) });
const sizes = (cut: readonly (readonly Message[])[]) => cut.map((batch) => batch.length);

describe('batches', () => {
  it.each([
    [0, []],
    [1, [1]],
    [10, [10]],
    [11, [10, 1]],
    [25, [10, 10, 5]],
  ])('of %d small messages have the sizes %j', (count, expected) => {
    expect(sizes(batches(Array.from({ length: count }, () => message('any'))))).toEqual(expected);
  });

  it('have at most 256 KiB', () => {
    expect(sizes(batches([sized(limit - 5), sized(5)]))).toEqual([2]);
    expect(sizes(batches([sized(limit - 5), sized(6)]))).toEqual([1, 1]);
  });

  it('are measured in bytes, not in characters', () => {
    const euros = message('any', { body: '€'.repeat(limit / 4) });

    expect(sizes(batches([euros, euros]))).toEqual([1, 1]);
  });

  it('are measured with the names, types and values of attributes', () => {
    const withAttribute = message('any', { body: '12', attributes: { name: 'value' } });
    const size = 2 + 'nameStringvalue'.length;

    expect(sizes(batches([sized(limit - size), withAttribute]))).toEqual([2]);
    expect(sizes(batches([sized(limit - size + 1), withAttribute]))).toEqual([1, 1]);
  });

  it('hold a message that is too large alone', () => {
    expect(sizes(batches([sized(1), sized(limit + 1), sized(1), sized(1)]))).toEqual([1, 1, 2]);
  });

  it('hold every message once, in order, within the limits of a request', () => {
    const messages = fc.array(fc.integer({ min: 1, max: limit / 2 }).map(sized), { maxLength: 40 });

    fc.assert(
      fc.property(messages, (all) => {
        const cut = batches(all);

        expect(cut.flat()).toEqual(all);
        for (const batch of cut) {
          expect(batch.length).toBeLessThanOrEqual(10);
          expect(batch.reduce((sum, { body }) => sum + body.length, 0)).toBeLessThanOrEqual(limit);
        }
      }),
      { numRuns: 30 },
    );
  });
});

describe('sendBatch', () => {
  const standIn = new SqsStandIn();
  let sqs: SQSClient;
  let queue: Queue;

  beforeAll(async () => {
    sqs = new SQSClient({ endpoint: await standIn.start(), maxAttempts: 1 });
  });
  beforeEach(() => {
    queue = standIn.create('test-queue.fifo');
  });
  afterAll(async () => {
    sqs.destroy();
    await standIn.stop();
  });

  const [a, b, c] = [message('a'), message('b'), message('c')];

  it('sends a FIFO queue the group and the deduplication id of each message', async () => {
    const refused = await sendBatch(sqs, queue.url, [a, b]);

    expect(refused.size).toBe(0);
    expect(queue.received).toEqual([
      { Id: '0', MessageBody: '{"id":"a"}', MessageGroupId: 'group a', MessageDeduplicationId: 'a' },
      { Id: '1', MessageBody: '{"id":"b"}', MessageGroupId: 'group b', MessageDeduplicationId: 'b' },
    ]);
  });

  it('sends neither to a standard queue, which would refuse them', async () => {
    const standard = standIn.create('test-queue');

    await sendBatch(sqs, standard.url, [a]);

    expect(standard.received).toEqual([{ Id: '0', MessageBody: '{"id":"a"}' }]);
  });

  it.each([
    ['a fault of SQS', { Code: 'InternalError', Message: 'm', SenderFault: false }, true, 'InternalError: m'],
    ['throttling', { Code: 'KmsThrottled', Message: 'm', SenderFault: true }, true, 'KmsThrottled: m'],
    [
      'too large',
      { Code: 'InvalidParameterValue', Message: 'm', SenderFault: true },
      false,
      'InvalidParameterValue: m',
    ],
    ['without a message', { Code: 'AccessDenied', SenderFault: true }, false, 'AccessDenied: '],
    ['not named', 'omitted' as const, true, 'The answer does not name this entry'],
  ])('returns the one entry of a batch that is refused: %s', async (_why, refusal, transient, reason) => {
    queue.refuses = ({ Id }) => Id === '1' && { SenderFault: undefined, Code: undefined, ...Object(refusal) };
    if (refusal === 'omitted') queue.refuses = ({ Id }) => Id === '1' && 'omitted';

    const refused = await sendBatch(sqs, queue.url, [a, b, c]);

    expect([...refused]).toEqual([[b, { transient, reason }]]);
  });

  it('treats an entry that is refused without a reason as transient', async () => {
    queue.refuses = () => ({ Code: undefined, SenderFault: undefined });

    const refused = await sendBatch(sqs, queue.url, [a]);

    expect([...refused]).toEqual([[a, { transient: true, reason: 'Unknown: ' }]]);
  });

  it('treats messages that an empty answer does not name as transient failures', async () => {
    const send = jest.spyOn(sqs, 'send').mockImplementationOnce(async () => ({}));

    const refused = await sendBatch(sqs, queue.url, [a, b]);

    expect(send).toHaveBeenCalled();
    expect([...refused.values()].map(({ transient }) => transient)).toEqual([true, true]);
  });

  it.each([
    [unavailable, true, 'ServiceUnavailable'],
    [new Fault(403, 'RequestThrottled'), true, 'RequestThrottled'],
    [accessDenied, false, 'AccessDeniedException'],
    [new Fault(400, 'InvalidAddress'), false, 'InvalidAddress'],
    [new Fault(400, 'QueueDoesNotExist'), false, 'QueueDoesNotExist'],
  ])('returns every message when the whole call fails: %j', async (fault, transient, name) => {
    queue.refuses = () => {
      throw fault;
    };

    const refused = await sendBatch(sqs, queue.url, [a, b]);

    expect([...refused.keys()]).toEqual([a, b]);
    for (const refusal of refused.values()) {
      expect(refusal).toMatchObject({ transient, reason: `${name}: sent by the stand-in`, error: { name } });
    }
  });

  it('treats a service that does not answer as a transient failure', async () => {
    const deaf = createServer();
    await new Promise<void>((resolve) => deaf.listen(0, '127.0.0.1', resolve));
    const endpoint = `http://127.0.0.1:${(deaf.address() as AddressInfo).port}`;
    const requestHandler = { requestTimeout: 50, throwOnRequestTimeout: true };
    const impatient = new SQSClient({ endpoint, maxAttempts: 1, requestHandler });

    const refused = await sendBatch(impatient, `${endpoint}/000000000000/queue.fifo`, [a]);

    expect(refused.get(a)).toMatchObject({
      transient: true,
      reason: expect.stringContaining('TimeoutError'),
    });
    impatient.destroy();
    deaf.close();
  });

  it('never rejects, whatever the client throws', async () => {
    jest.spyOn(sqs, 'send').mockImplementationOnce(async () => {
      throw 'a text';
    });

    expect((await sendBatch(sqs, queue.url, [a])).get(a)).toMatchObject({
      transient: false,
      reason: 'a text',
    });
  });
});
