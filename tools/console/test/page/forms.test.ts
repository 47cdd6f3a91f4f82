import { diff } from '../../page/model/diff.ts';
import { isDelay, isOfFunction, makeFault } from '../../page/model/fault-form.ts';
import { checkDraft, draftTotal, newDraft } from '../../page/model/order-form.ts';
import { deadLetterCount, faultText } from '../../page/model/queues.ts';
import type { ProductRow, QueueState } from '../../src/api.ts';

const products: readonly ProductRow[] = [
  { sku: 'MUG', name: 'Mug', price: 1250, currency: 'EUR' },
  { sku: 'TEA', name: 'Tea', price: 300, currency: 'USD' },
];

describe('The form of an order', () => {
  const draft = newDraft(products);

  it('is complete as it opens', () => {
    expect(checkDraft({ ...draft, reference: ' PO-1 ' })).toEqual({
      outcome: 'complete',
      order: {
        customerId: 'alice',
        email: 'alice@example.com',
        reference: 'PO-1',
        lines: [{ sku: 'MUG', quantity: 1 }],
      },
    });
  });

  it.each([
    [{ customerId: ' ' }, 'Enter a customer.'],
    [{ email: 'alice' }, 'Enter an e-mail address.'],
    [{ lines: [] }, 'Add a product.'],
    [{ lines: [{ sku: '', quantity: '1' }] }, 'Choose a product in each line.'],
    [{ lines: [{ sku: 'MUG', quantity: '1.5' }] }, 'Each quantity is a whole number from 1.'],
    [{ lines: [{ sku: 'MUG', quantity: '' }] }, 'Each quantity is a whole number from 1.'],
  ])('says what is missing with %j', (change, why) => {
    expect(checkDraft({ ...draft, ...change })).toEqual({ outcome: 'incomplete', why });
  });

  it('adds up what lines of one currency cost', () => {
    const lines = [
      { sku: 'MUG', quantity: '2' },
      { sku: 'MUG', quantity: '1' },
    ];
    expect(draftTotal({ ...draft, lines }, products)).toEqual({ total: 3750, currency: 'EUR' });
    expect(
      draftTotal({ ...draft, lines: [...lines, { sku: 'TEA', quantity: '1' }] }, products),
    ).toBeUndefined();
  });
});

describe('The fault switch', () => {
  it('makes a delay only for faults that delay', () => {
    expect(makeFault('delay-queue', 'q', 2000)).toEqual({ kind: 'delay-queue', name: 'q', delayMs: 2000 });
    expect(makeFault('fail-queue', 'q', 2000)).toEqual({ kind: 'fail-queue', name: 'q' });
    expect([isDelay('delay-function'), isDelay('fail-function')]).toEqual([true, false]);
    expect([isOfFunction('fail-function'), isOfFunction('duplicate-queue')]).toEqual([true, false]);
  });

  it.each([
    [{ kind: 'fail-function', name: 'f' }, 'f fails'],
    [{ kind: 'delay-function', name: 'f', delayMs: 2000 }, 'f starts 2.0 s late'],
    [{ kind: 'fail-queue', name: 'q' }, 'calls to q fail'],
    [{ kind: 'delay-queue', name: 'q', delayMs: 500 }, 'messages of q come 500 ms late'],
    [{ kind: 'duplicate-queue', name: 'q' }, 'messages of q come twice'],
  ] as const)('names the fault %j', (fault, text) => {
    expect(faultText(fault)).toBe(text);
  });
});

describe('What needs a person', () => {
  const queue = (kind: QueueState['kind'], waiting: number): QueueState => ({
    name: kind,
    kind,
    ours: true,
    events: [],
    waiting,
    inFlight: 1,
    delayed: 0,
    sentLastMinute: 0,
  });

  it('counts dead letters, parked events and stream failures', () => {
    const queues = [
      queue('subscription', 9),
      queue('dead-letters', 3),
      queue('parked', 1),
      queue('stream-failures', 0),
      queue('other', 9),
    ];
    expect(deadLetterCount(queues)).toBe(7);
  });
});

describe('The history of an item', () => {
  it('names each value that differs with its place', () => {
    const before = { status: 'PLACED', lines: [{ sku: 'MUG', quantity: 1 }], gone: true, same: { a: 1 } };
    const after = { status: 'CONFIRMED', lines: [{ sku: 'MUG', quantity: 2 }, 'new'], same: { a: 1 } };
    expect(diff(before, after)).toEqual([
      { path: 'gone', before: true, after: undefined },
      { path: 'lines[0].quantity', before: 1, after: 2 },
      { path: 'lines[1]', before: undefined, after: 'new' },
      { path: 'status', before: 'PLACED', after: 'CONFIRMED' },
    ]);
  });
});
