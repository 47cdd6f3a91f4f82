import { OrderPlaced } from '@orderly/contracts';
import type { DynamoDBRecord } from 'aws-lambda';
import fc from 'fast-check';
import { departuresOf } from '../src/publish-outbox.ts';
import { type Message, waves } from '../src/send.ts';
import { orderEvent, streamRecord } from './records.ts';

const event = orderEvent('A');

describe('departuresOf', () => {
  it('reads what is needed of an image, and nothing else', () => {
    expect(departuresOf(streamRecord('7', event))).toEqual([
      {
        body: JSON.stringify(event),
        type: OrderPlaced.type,
        deduplicationId: event.id,
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
    ['no sequence number', { dynamodb: { ...streamRecord('1', event).dynamodb, SequenceNumber: undefined } }],
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
