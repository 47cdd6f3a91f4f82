import fc from 'fast-check';
import { messageGroupOf } from '../src/messaging/message-group.ts';
import { outboxMessagesOf } from '../src/messaging/publish-outbox.ts';

const taken = /^[A-Za-z0-9!"#$%&'()*+,\-./:;<=>?@[\\\]^_`{|}~]{1,128}$/;

it.each(['MUG', 'a.b_c-d', '0192f0c1-7e00-7000-8000-000000000001', 'A&B', '~'.repeat(128)])(
  'a subject that SQS takes is its own group: %s',
  (subject) => {
    expect(messageGroupOf(subject)).toBe(subject);
  },
);

it.each(['two words', 'Größe', '日本語', '🎁', 'x'.repeat(129), ''])(
  '%j has a group that SQS takes',
  (subject) => {
    expect(messageGroupOf(subject)).toMatch(taken);
    expect(messageGroupOf(subject)).toBe(messageGroupOf(subject));
  },
);

it('every subject has a group that SQS takes, and different ones have different groups', () => {
  const subject = fc.string({ unit: 'binary', maxLength: 128 });

  fc.assert(
    fc.property(subject, subject, (one, other) => {
      expect(messageGroupOf(one)).toMatch(taken);
      expect(messageGroupOf(one) === messageGroupOf(other)).toBe(one === other);
    }),
  );
});

it('the publisher sends an event in the group of its subject', () => {
  const image = { outbox: { M: { subject: { S: 'Größe 42' }, events: { L: [{ M: {} }] } } } };

  expect(outboxMessagesOf({ dynamodb: { SequenceNumber: '1', NewImage: image } })).toMatchObject([
    { group: messageGroupOf('Größe 42') },
  ]);
});
