import { NotificationSent, OrderConfirmed, OrderPlaced, StockReserved } from '@orderly/contracts';
import { Arrivals, type Placed } from '../../src/platform/arrivals.ts';
import { legNames } from '../../src/platform/figures.ts';

const start = Date.parse('2026-01-31T12:00:00.000Z');
const order: Placed = { orderId: 'order-1', sentAt: start, acceptedMs: 12 };

/** An event of an order that was made and arrived so many milliseconds after the start. */
function arrive(arrivals: Arrivals, type: string, orderId: string, madeMs: number, atMs: number): void {
  jest.setSystemTime(start + atMs);
  arrivals.take({
    type,
    time: new Date(start + madeMs).toISOString(),
    body: JSON.stringify({ data: { orderId } }),
  });
}

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  jest.useRealTimers();
});

describe('the arrivals of events', () => {
  it('show how long each leg took, and all legs together as long as the order', () => {
    const arrivals = new Arrivals();
    arrive(arrivals, OrderPlaced.type, 'order-1', 10, 30);
    arrive(arrivals, StockReserved.type, 'order-1', 35, 60);
    arrive(arrivals, OrderConfirmed.type, 'order-1', 70, 100);
    arrive(arrivals, NotificationSent.type, 'order-1', 101, 150);

    const legs = arrivals.legsOf(order);

    expect(legNames.map((name) => legs[name])).toEqual([10, 20, 5, 25, 10, 30, 1, 49]);
    expect(arrivals.confirmedMs(order)).toBe(100);
    expect(arrivals.notifiedMs(order)).toBe(150);
  });

  it('count the first time that an event comes', () => {
    const arrivals = new Arrivals();
    arrive(arrivals, OrderConfirmed.type, 'order-1', 70, 100);
    arrive(arrivals, OrderConfirmed.type, 'order-1', 70, 5_000);

    expect(arrivals.confirmedMs(order)).toBe(100);
  });

  it('keep orders apart, and what is not about an order', () => {
    const arrivals = new Arrivals();
    arrive(arrivals, OrderConfirmed.type, 'order-2', 70, 100);
    arrivals.take({ type: OrderConfirmed.type, time: '', body: '{"data":{"sku":"BENCH-0001"}}' });

    expect([arrivals.isConfirmed('order-1'), arrivals.isConfirmed('order-2')]).toEqual([false, true]);
    expect(() => arrivals.confirmedMs(order)).toThrow(
      'orderly.order.confirmed.v1 of order order-1 has not come',
    );
  });
});
