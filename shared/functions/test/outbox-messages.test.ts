import { OrderPlaced } from '@orderly/contracts';
import type { DynamoDBRecord } from 'aws-lambda';
import { outboxMessagesOf } from '../src/aws/publishing/outbox-message.ts';
import { orderEvent, streamRecord } from './records.ts';

const event = orderEvent('A');

describe('outboxMessagesOf', () => {
  it('reads the events of an image with their place in the stream', () => {
    expect(outboxMessagesOf(streamRecord('7', event))).toEqual([
      {
        body: JSON.stringify(event),
        type: OrderPlaced.type,
        deduplicationId: event.id,
        group: 'A',
        sequenceNumber: '7',
        index: 0,
        keys: { pk: { S: 'ORDER#1' } },
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
    ['no sequence number', { dynamodb: { ...streamRecord('1', event).dynamodb, SequenceNumber: undefined } }],
  ])('finds no event in a record with %s', (_what, record) => {
    expect(outboxMessagesOf(record)).toEqual([]);
  });

  it('turns a broken entry into a message that queues refuse, so that it is noticed', () => {
    const NewImage = { outbox: { M: { subject: { S: 'A' }, events: { L: [{ M: {} }, { S: 'x' }] } } } };

    const empty = { body: '', type: '', deduplicationId: '', group: 'A', sequenceNumber: '1', keys: {} };
    expect(outboxMessagesOf({ dynamodb: { SequenceNumber: '1', NewImage } })).toEqual([
      { ...empty, index: 0 },
      { ...empty, index: 1 },
    ]);
  });
});
