import type { AwsCall } from '../../call.ts';
import { MemoryCheckpoints } from '../../event-sources/checkpoints.ts';
import { type EventSources, startEventSources } from '../../event-sources/index.ts';
import type { Invocation } from '../../event-sources/invocation.ts';
import type { SqsMapping } from '../../event-sources/mapping.ts';
import type { SqsRecord } from '../../event-sources/sqs-record.ts';
import { Wake } from '../../event-sources/wake.ts';
import { callInProcess } from '../../in-process.ts';
import { createSqs, type SqsService } from '../../sqs/service.ts';
import { ManualClock } from '../manual-clock.ts';

const REGION = 'eu-central-1';
const arn = (name: string): string => `arn:aws:sqs:${REGION}:000000000000:${name}`;

const ok: Invocation = { outcome: 'answer', payload: null };
const broken: Invocation = { outcome: 'error', message: 'broken' };
const failing = (...records: readonly (SqsRecord | undefined)[]): Invocation => ({
  outcome: 'answer',
  payload: { batchItemFailures: records.map((record) => ({ itemIdentifier: record?.messageId })) },
});

interface Batch {
  readonly at: number;
  readonly bodies: readonly string[];
  readonly records: readonly SqsRecord[];
}

interface Outage {
  readonly operation: string;
  times: number;
}

let clock: ManualClock;
let sqs: SqsService;
let sources: EventSources | undefined;
let batches: Batch[];
let running: number;
let mostRunning: number;
let operations: string[];
let outage: Outage | undefined;
let logged: string[];
let answer: (records: readonly SqsRecord[]) => Invocation | Promise<Invocation>;

beforeEach(() => {
  clock = new ManualClock();
  let ids = 0;
  const chance = {
    next: () => 0.5,
    uuid: () => `00000000-0000-4000-8000-${String(ids++).padStart(12, '0')}`,
  };
  sqs = createSqs({ clock, chance, region: REGION });
  batches = [];
  running = 0;
  mostRunning = 0;
  operations = [];
  outage = undefined;
  logged = [];
  answer = () => ok;
});

afterEach(async () => {
  await sources?.stop();
  sources = undefined;
  sqs.close();
});

const call: AwsCall = (service, operation, input, signal) =>
  callInProcess([sqs], 'http://sqs')(service, operation, input, signal);

/** As the event sources call: counted, and failing during an outage. */
const watchedCall: AwsCall = (service, operation, input, signal) => {
  operations.push(operation);
  if (outage?.operation === operation && outage.times > 0) {
    outage.times -= 1;
    return Promise.reject(new Error('connection lost'));
  }
  return call(service, operation, input, signal);
};

const createQueue = async (name: string, attributes: Record<string, string> = {}): Promise<void> => {
  const fifo = name.endsWith('.fifo') ? { FifoQueue: 'true', ContentBasedDeduplication: 'true' } : {};
  await call('sqs', 'CreateQueue', { QueueName: name, Attributes: { ...fifo, ...attributes } });
};

const url = (name: string): string => `http://sqs/000000000000/${name}`;

const send = async (name: string, body: string, group?: string): Promise<void> => {
  const MessageGroupId = group === undefined ? {} : { MessageGroupId: group };
  await call('sqs', 'SendMessage', { QueueUrl: url(name), MessageBody: body, ...MessageGroupId });
};

const sendAll = async (name: string, bodies: readonly string[], group?: string): Promise<void> => {
  for (const body of bodies) await send(name, body, group);
};

/** `m0`, `m1` and so on. */
const many = (count: number): readonly string[] => Array.from({ length: count }, (_, n) => `m${n}`);
/** Eight of them are more than a payload may have. */
const large = Array.from({ length: 8 }, (_, n) => String(n).padEnd(1_000_000, '.'));

const connect = async (name: string, settings: Partial<SqsMapping> = {}): Promise<void> => {
  const mapping: SqsMapping = {
    functionName: 'work',
    arn: arn(name),
    batchSize: 10,
    batchWindowMs: 0,
    partialAnswers: true,
    filterPatterns: [],
    maximumConcurrency: 5,
    ...settings,
  };
  sources = await startEventSources(
    { sqs: [mapping], streams: [] },
    {
      clock,
      chance: { next: () => 0.5, uuid: () => 'id' },
      call: watchedCall,
      checkpoints: new MemoryCheckpoints(),
      wake: new Wake(clock),
      region: REGION,
      log: (message) => logged.push(message),
      invoke: async (_name, event) => {
        const { Records: records } = event as { readonly Records: readonly SqsRecord[] };
        batches.push({ at: clock.now(), records, bodies: records.map(({ body }) => body) });
        running += 1;
        mostRunning = Math.max(mostRunning, running);
        const invocation = await answer(records);
        running -= 1;
        return invocation;
      },
    },
  );
  await clock.pass(0);
};

/** Makes a queue, with messages of one group in a FIFO queue, and connects the function to it. */
const begin = async (
  name: string,
  messages: readonly string[] = [],
  settings: Partial<SqsMapping> = {},
  attributes: Record<string, string> = {},
): Promise<void> => {
  await createQueue(name, attributes);
  await sendAll(name, messages, name.endsWith('.fifo') ? 'one' : undefined);
  await connect(name, settings);
};

const bodies = (): readonly (readonly string[])[] => batches.map((batch) => batch.bodies);
const left = (name: string): readonly string[] => sqs.peek(name).map(({ body }) => body);

/** Invocations that end when the test says so. */
const held = (): { readonly end: (invocation?: Invocation) => Promise<void> } => {
  const waiting: ((invocation: Invocation) => void)[] = [];
  answer = () => new Promise((done) => waiting.push(done));
  return {
    end: async (invocation = ok) => {
      for (const done of waiting.splice(0)) done(invocation);
      await clock.pass(0);
    },
  };
};

// https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
describe('a batch', () => {
  it('is deleted when the function has succeeded', async () => {
    await begin('q');
    await send('q', 'first');
    await clock.pass(0);
    expect(bodies()).toEqual([['first']]);
    expect(left('q')).toEqual([]);
  });

  it('comes back after the visibility timeout when the function fails, and counts the receive', async () => {
    answer = () => (batches.length === 1 ? broken : ok);
    await begin('q', ['a'], {}, { VisibilityTimeout: '30' });
    await clock.pass(29_999);
    expect(batches).toHaveLength(1);
    await clock.pass(1);
    expect(batches[1]?.records[0]?.attributes.ApproximateReceiveCount).toBe('2');
    expect(left('q')).toEqual([]);
    expect(logged).toEqual(['work: broken']);
  });

  it('has the whole visibility timeout from its receive on, however long the poll before it waited', async () => {
    answer = () => broken;
    await begin('q', [], {}, { VisibilityTimeout: '30' });
    await clock.pass(15_000);
    await send('q', 'a');
    await clock.pass(29_999);
    expect(batches).toHaveLength(1);
    await clock.pass(1);
    expect(batches).toHaveLength(2);
  });

  it('stays hidden while the function runs, up to the visibility timeout', async () => {
    const invocations = held();
    await begin('q', ['slow'], {}, { VisibilityTimeout: '60' });
    await clock.pass(59_000);
    expect(batches).toHaveLength(1);
    await invocations.end();
    expect(left('q')).toEqual([]);
  });

  it('comes again when the function takes longer than the visibility timeout', async () => {
    const invocations = held();
    await begin('q', ['slow'], {}, { VisibilityTimeout: '20' });
    await clock.pass(21_000);
    expect(bodies()).toEqual([['slow'], ['slow']]);
    await invocations.end();
  });

  // The documented deviation: AWS would hide it for the whole visibility timeout.
  it('of a process that is killed comes back within ten seconds', async () => {
    await createQueue('q', { VisibilityTimeout: '900' });
    await send('q', 'a');
    await call('sqs', 'ReceiveMessage', { QueueUrl: url('q'), VisibilityTimeout: 10 });
    await connect('q');
    expect(batches).toHaveLength(0);
    await clock.pass(10_000);
    expect(bodies()).toEqual([['a']]);
  });

  it('holds ten messages at most without a window', async () => {
    await begin('q', many(12));
    expect(batches.map(({ records }) => records.length)).toEqual([10, 2]);
  });

  it('is made of several receives within its window', async () => {
    await begin('q', many(25), { batchSize: 1000, batchWindowMs: 5_000 });
    await clock.pass(3_000);
    await send('q', 'late');
    expect(batches).toHaveLength(0);
    await clock.pass(2_000);
    expect(batches.map(({ records }) => records.length)).toEqual([26]);
  });

  it('goes before its window is over when it is full', async () => {
    await begin('q', many(25), { batchSize: 20, batchWindowMs: 5_000 });
    expect(batches.map(({ records }) => records.length)).toEqual([20]);
  });

  // 6 MB: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
  it('is split, in order, where it exceeds the payload limit', async () => {
    await begin('q.fifo', large);
    expect(bodies().map((each) => each.map((body) => body[0]).join(''))).toEqual(['012345', '67']);
    expect(mostRunning).toBe(1);
    expect(left('q.fifo')).toEqual([]);
  });
});

// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting
describe('a partial answer', () => {
  it('deletes what succeeded and brings back what failed', async () => {
    answer = (records) => (batches.length === 1 ? failing(records.find(({ body }) => body === 'b')) : ok);
    await begin('q', ['a', 'b', 'c']);
    expect(left('q')).toEqual(['b']);
    await clock.pass(30_000);
    expect(bodies()[1]).toEqual(['b']);
    expect(left('q')).toEqual([]);
  });

  it('fails the whole batch when it names a message that is not in it', async () => {
    answer = () => (batches.length === 1 ? failing(undefined) : ok);
    await begin('q', ['a', 'b']);
    expect(left('q')).toEqual(['a', 'b']);
  });

  it('is not looked into unless the mapping asks for it', async () => {
    answer = (records) => failing(records[0]);
    await begin('q', ['a'], { partialAnswers: false });
    expect(left('q')).toEqual([]);
  });

  it('leaves the followers of a failed message in a FIFO group to the function: Lambda stops no group', async () => {
    answer = (records) => (batches.length === 1 ? failing(records[1]) : ok);
    await begin('q.fifo', ['a', 'b', 'c']);
    expect(bodies()).toEqual([['a', 'b', 'c']]);
    expect(left('q.fifo')).toEqual(['b']);
  });

  it('brings the failed messages of a FIFO group back in their order', async () => {
    answer = (records) => (batches.length === 1 ? failing(records[1], records[2]) : ok);
    await begin('q.fifo', ['a', 'b', 'c']);
    await clock.pass(30_000);
    expect(bodies()).toEqual([
      ['a', 'b', 'c'],
      ['b', 'c'],
    ]);
  });
});

// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html (FIFO queues)
describe('a FIFO group', () => {
  it('is never at the function twice at the same time, and keeps its order', async () => {
    const all = many(23);
    answer = async () => {
      await new Promise(setImmediate);
      return ok;
    };
    await begin('q.fifo', all);
    await clock.pass(100);
    expect(bodies().flat()).toEqual(all);
    expect(mostRunning).toBe(1);
  });

  it('is not overtaken by its own followers when a batch was split and its first part fails', async () => {
    answer = () => (batches.length === 1 ? broken : ok);
    await begin('q.fifo', large);
    await clock.pass(30_000);
    const digits = bodies().map((each) => each.map((body) => body[0]).join(''));
    expect(digits).toEqual(['012345', '012345', '67']);
  });

  it('continues without a message that failed too often, which is dead-lettered', async () => {
    await createQueue('dead.fifo');
    const policy = { deadLetterTargetArn: arn('dead.fifo'), maxReceiveCount: 2 };
    await createQueue('q.fifo', { RedrivePolicy: JSON.stringify(policy) });
    await sendAll('q.fifo', ['poison', 'after'], 'one');
    answer = (records) => (records.some(({ body }) => body === 'poison') ? broken : ok);
    // SQS hands out several messages of a group at once; here each is a batch of its own.
    await connect('q.fifo', { batchSize: 1 });
    await clock.pass(120_000);
    expect(bodies().flat()).toEqual(['poison', 'poison', 'after']);
    expect([left('dead.fifo'), left('q.fifo')]).toEqual([['poison'], []]);
  });
});

// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html#events-sqs-max-concurrency
it('works on several batches at once, up to the maximum concurrency', async () => {
  await createQueue('q.fifo');
  for (const group of ['a', 'b', 'c', 'd', 'e', 'f']) await send('q.fifo', group, group);
  const invocations = held();
  await connect('q.fifo', { batchSize: 1, maximumConcurrency: 3 });
  await clock.pass(1_000);
  expect(batches).toHaveLength(3);
  await invocations.end();
  expect(batches).toHaveLength(6);
  await invocations.end();
  expect(mostRunning).toBe(3);
});

// https://docs.aws.amazon.com/lambda/latest/dg/with-sqs-filtering.html
it('deletes what the filter does not let through, without running the function for it', async () => {
  await createQueue('q');
  await sendAll('q', ['{"type":"wanted"}', '{"type":"other"}', 'no json']);
  await connect('q', { filterPatterns: [{ body: { type: ['wanted'] } }] });
  expect(bodies()).toEqual([['{"type":"wanted"}']]);
  expect(left('q')).toEqual([]);
});

it('polls an idle queue three times a minute', async () => {
  await createQueue('q');
  await connect('q');
  operations.splice(0);
  await clock.pass(60_000);
  expect(operations).toEqual(['ReceiveMessage', 'ReceiveMessage', 'ReceiveMessage']);
});

describe('when a call fails', () => {
  beforeEach(async () => {
    await createQueue('q');
  });

  it('deletes again, so that no message is done twice for a lost connection', async () => {
    outage = { operation: 'DeleteMessageBatch', times: 2 };
    await send('q', 'a');
    await connect('q');
    await clock.pass(40_000);
    expect(bodies()).toEqual([['a']]);
    expect(left('q')).toEqual([]);
  });

  it('logs an outage once, waits longer each time, and goes on', async () => {
    outage = { operation: 'ReceiveMessage', times: 4 };
    await send('q', 'a');
    await connect('q');
    // Three quarters of 100, 200, 400 and 800 ms.
    await clock.pass(75 + 150 + 300 + 599);
    expect(batches).toHaveLength(0);
    await clock.pass(1);
    expect(bodies()).toEqual([['a']]);
    expect(logged).toEqual([expect.stringContaining('connection lost')]);
  });

  it('says which queue does not exist', async () => {
    await expect(connect('nowhere')).rejects.toThrow(/queue does not exist/);
  });
});

describe('stopping', () => {
  it('lets a running batch finish, and takes no new one', async () => {
    const invocations = held();
    await begin('q', ['running']);
    const stopped = sources?.stop();
    await invocations.end();
    await stopped;
    await send('q', 'too late');
    await clock.pass(60_000);
    expect(bodies()).toEqual([['running']]);
    expect(left('q')).toEqual(['too late']);
  });

  it('gives back at once, in order, what the function was not run for', async () => {
    answer = () => ({ outcome: 'stopped' });
    await begin('q.fifo', ['a', 'b'], {}, { VisibilityTimeout: '900' });
    await sources?.stop();
    const { Messages } = await call('sqs', 'ReceiveMessage', {
      QueueUrl: url('q.fifo'),
      MaxNumberOfMessages: 10,
    });
    expect(Messages).toMatchObject([{ Body: 'a' }, { Body: 'b' }]);
  });
});
