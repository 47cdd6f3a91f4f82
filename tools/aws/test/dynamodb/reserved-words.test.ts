import { isReservedWord, RESERVED_WORDS } from '../../dynamodb/reserved-words.ts';

describe('The reserved words', () => {
  it('are the 573 of the developer guide', () => {
    expect(RESERVED_WORDS.size).toBe(573);
  });

  it.each(['status', 'Name', 'ZONE'])('include %s in any case', (word) => {
    expect(isReservedWord(word)).toBe(true);
  });

  it.each(['version', 'orderId', 'outbox'])('do not include %s', (word) => {
    expect(isReservedWord(word)).toBe(false);
  });
});
