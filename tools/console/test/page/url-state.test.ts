import { searchHits } from '../../page/model/search.ts';
import { address, apiPath, changeQuery, parsePlace } from '../../page/model/url-state.ts';
import type { OrderRow, QueueState } from '../../src/api.ts';

describe('The address of a view', () => {
  it('is read back as it was written', () => {
    const href = address(['queues', 'a/b c'], { text: 'x&y=z ü', failed: true });
    const url = new URL(href, 'http://127.0.0.1');
    expect(parsePlace(url.pathname, url.search)).toEqual({
      segments: ['queues', 'a/b c'],
      query: { text: 'x&y=z ü', failed: '1' },
    });
  });

  it('leaves out what is not set', () => {
    expect(address(['orders'], { query: '', status: undefined, failed: false, limit: null })).toBe('/orders');
    expect(address([])).toBe('/');
    expect(apiPath('/api/orders', { query: 'alice', status: '' })).toBe('/api/orders?query=alice');
  });

  it('keeps the other parameters when one changes', () => {
    expect(changeQuery({ text: 'a', type: 'b' }, { text: '', failed: true })).toEqual({
      type: 'b',
      failed: '1',
    });
  });

  it('takes a segment as it is that cannot be decoded', () => {
    expect(parsePlace('/orders/%E0%A4%A', '').segments).toEqual(['orders', '%E0%A4%A']);
  });
});

const order: OrderRow = {
  orderId: 'a3da9915-e501-4f0e-9d3b-0f6c6b1d8a11',
  status: 'PLACED',
  customerId: 'alice',
  reference: 'PO-1',
  lines: [],
  total: 1,
  currency: 'EUR',
  placedAt: 0,
  updatedAt: 0,
  deadLetters: 0,
};

const queue: QueueState = {
  name: 'dev-order-events--loyalty',
  kind: 'subscription',
  ours: false,
  events: [],
  waiting: 2,
  inFlight: 0,
  delayed: 0,
  sentLastMinute: 0,
};

describe('The search', () => {
  it('suggests orders, then queues, then whole views', () => {
    const hits = searchHits('loyalty', [queue], [order]);
    expect(hits.map(({ kind, href }) => [kind, href])).toEqual([
      ['Order', '/orders/a3da9915-e501-4f0e-9d3b-0f6c6b1d8a11'],
      ['Queue', '/queues/dev-order-events--loyalty'],
      ['Orders', '/orders?query=loyalty'],
      ['Events', '/events?text=loyalty'],
      ['Log lines', '/functions?text=loyalty'],
    ]);
  });

  it('suggests a queue first whose whole name was typed', () => {
    expect(searchHits(queue.name, [queue], [order])[0]?.kind).toBe('Queue');
  });
});
