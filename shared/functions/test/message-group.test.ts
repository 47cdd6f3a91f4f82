import { anyCharacter } from '@orderly/support/any-character';
import fc from 'fast-check';
import { messageGroupOf } from '../src/aws/publishing/message-group.ts';

const accepted = /^[A-Za-z0-9!"#$%&'()*+,\-./:;<=>?@[\\\]^_`{|}~]{1,128}$/;

it.each(['MUG', 'a.b_c-d', '0192f0c1-7e00-7000-8000-000000000001', 'A&B', '~'.repeat(128)])(
  'a subject that SQS accepts is its own group: %s',
  (subject) => {
    expect(messageGroupOf(subject)).toBe(subject);
  },
);

it('every subject has a group that SQS accepts, and different subjects have different groups', () => {
  const subject = fc.string({ unit: anyCharacter, maxLength: 128 });
  const tooLong = '~'.repeat(129);

  fc.assert(
    fc.property(subject, subject, (one, other) => {
      expect(messageGroupOf(one)).toMatch(accepted);
      expect(messageGroupOf(one) === messageGroupOf(other)).toBe(one === other);
    }),
    {
      examples: [
        [tooLong, ''],
        ['two words', 'Größe'],
      ],
    },
  );
});
