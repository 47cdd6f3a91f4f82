import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DescribeStreamCommand,
  type DynamoDBStreamsClient,
  ExpiredIteratorException,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from '@aws-sdk/client-dynamodb-streams';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { StreamMapping } from '../../src/event-source/mapping.ts';
import { StreamSource } from '../../src/event-source/stream-source.ts';
import { Wake } from '../../src/event-source/wake.ts';
import { eventually } from '../eventually.ts';

interface FakeShard {
  readonly parent?: string;
  readonly keys: readonly string[];
  closed: boolean;
}

/**
 * The local DynamoDB closes a shard after hours only, so a stream that does it now stands in here.
 * An iterator is `<shard>:<position>`; `expired` makes the next read fail once.
 */
class FakeStream {
  readonly shards = new Map<string, FakeShard>();
  expired = false;

  async send(command: object): Promise<unknown> {
    if (command instanceof DescribeStreamCommand) return this.#describe();
    if (command instanceof GetShardIteratorCommand) return this.#iterator(command);
    if (command instanceof GetRecordsCommand) return this.#records(command.input.ShardIterator ?? '');
    throw new Error('not a command of streams');
  }

  #describe() {
    const Shards = [...this.shards].map(([ShardId, { parent, closed }]) => ({
      ShardId,
      ParentShardId: parent,
      SequenceNumberRange: { EndingSequenceNumber: closed ? '9' : undefined },
    }));
    return { StreamDescription: { Shards } };
  }

  #iterator({ input }: GetShardIteratorCommand) {
    const keys = this.shards.get(input.ShardId ?? '')?.keys ?? [];
    const after = input.SequenceNumber === undefined ? 0 : keys.indexOf(input.SequenceNumber) + 1;
    return {
      ShardIterator: `${input.ShardId}:${input.ShardIteratorType === 'LATEST' ? keys.length : after}`,
    };
  }

  #records(iterator: string) {
    if (this.expired) {
      this.expired = false;
      throw new ExpiredIteratorException({ message: 'expired', $metadata: {} });
    }
    const [id = '', from] = iterator.split(':');
    const shard = this.shards.get(id);
    const keys = shard?.keys.slice(Number(from)) ?? [];
    const Records = keys.map((SequenceNumber) => ({ dynamodb: { SequenceNumber } }));
    return { Records, NextShardIterator: shard?.closed ? undefined : `${id}:${shard?.keys.length}` };
  }
}

const mapping: StreamMapping = {
  functionName: 'publish',
  arn: 'arn:stream',
  batchSize: 100,
  batchWindowMs: 0,
  partialAnswers: true,
  filterPatterns: [],
  startingPosition: 'TRIM_HORIZON',
  bisect: false,
  maximumRetryAttempts: -1,
  maximumRecordAgeSeconds: -1,
};

let stateFolder: string;
let stream: FakeStream;
let source: StreamSource | undefined;
let seen: string[];
let release: Promise<void>;

beforeEach(() => {
  stateFolder = mkdtempSync(join(tmpdir(), 'checkpoints-'));
  stream = new FakeStream();
  seen = [];
  release = Promise.resolve();
});

afterEach(async () => {
  await source?.stop();
  rmSync(stateFolder, { recursive: true });
});

const start = async (settings: Partial<StreamMapping> = {}): Promise<void> => {
  source = new StreamSource(
    { ...mapping, ...settings },
    {
      streams: stream as unknown as DynamoDBStreamsClient,
      sqs: new SQSClient(),
      region: 'eu-central-1',
      stateFolder,
      log: () => undefined,
      wake: new Wake(),
      invoke: async (_name, event) => {
        const { Records } = event as { Records: { dynamodb: { SequenceNumber: string } }[] };
        seen.push(...Records.map(({ dynamodb }) => dynamodb.SequenceNumber));
        await release;
        return { kind: 'answer', payload: null };
      },
    },
  );
  await source.start();
};

it('reads a child only when its closed parent is done', async () => {
  stream.shards.set('child', { parent: 'parent', keys: ['c1'], closed: false });
  stream.shards.set('parent', { keys: ['p1', 'p2'], closed: true });
  let go = () => {};
  release = new Promise((done) => {
    go = () => done();
  });
  await start();
  await eventually(() => expect(seen).toEqual(['p1', 'p2']));
  go();
  await eventually(() => expect(seen).toEqual(['p1', 'p2', 'c1']));
});

it('reads a shard whose parent is trimmed away', async () => {
  stream.shards.set('child', { parent: 'gone', keys: ['c1'], closed: false });
  await start();
  await eventually(() => expect(seen).toEqual(['c1']));
});

it('finds the successor when a shard is closed while it is read', async () => {
  const parent: FakeShard = { keys: ['p1'], closed: false };
  stream.shards.set('parent', parent);
  await start({ startingPosition: 'LATEST' });
  stream.shards.set('child', { parent: 'parent', keys: ['c1'], closed: false });
  parent.closed = true;
  await eventually(() => expect(seen).toEqual(['c1']));
});

it('skips closed shards with LATEST', async () => {
  stream.shards.set('parent', { keys: ['p1'], closed: true });
  stream.shards.set('child', { parent: 'parent', keys: ['c1'], closed: true });
  stream.shards.set('grandchild', { parent: 'child', keys: ['g1'], closed: false });
  await start({ startingPosition: 'LATEST' });
  stream.shards.set('next', { parent: 'child', keys: ['n1'], closed: false });
  await eventually(() => expect(seen).toEqual(['n1']));
});

it('renews an expired iterator from where it was', async () => {
  stream.shards.set('shard', { keys: ['s1', 's2'], closed: false });
  await start();
  await eventually(() => expect(seen).toEqual(['s1', 's2']));
  stream.expired = true;
  stream.shards.set('shard', { keys: ['s1', 's2', 's3'], closed: false });
  await eventually(() => expect(seen).toEqual(['s1', 's2', 's3']));
});
