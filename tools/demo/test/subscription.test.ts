import { createLog } from '../src/subscription.ts';

const event = (id: string, type: string, subject: string): string => JSON.stringify({ id, type, subject });

describe('what the subscription has received', () => {
  it('counts each event once, however often it comes', () => {
    const { take, view } = createLog();
    take(event('1', 'orderly.order.placed.v1', 'o1'));
    take(event('1', 'orderly.order.placed.v1', 'o1'));
    take(event('2', 'orderly.order.placed.v1', 'o2'));
    expect(view.counts()).toEqual({ 'orderly.order.placed.v1': 2 });
    expect(view.duplicates()).toBe(1);
  });

  it.each(['confirmed', 'rejected', 'cancelled'])('knows that an order was %s', (change) => {
    const { take, view } = createLog();
    take(event('1', 'orderly.order.placed.v1', 'o1'));
    expect(view.isDecided('o1')).toBe(false);
    take(event('2', `orderly.order.${change}.v1`, 'o1'));
    expect([view.isDecided('o1'), view.decidedOrders()]).toEqual([true, 1]);
    expect(view.has(`orderly.order.${change}.v1`, 'o1')).toBe(true);
  });

  it('knows the products it was told of', () => {
    const { take, view } = createLog();
    take(event('1', 'orderly.product.upserted.v1', 'A'));
    expect([view.knowsProduct('A'), view.knowsProduct('B')]).toEqual([true, false]);
  });

  it.each(['', 'x', '[]', '{"id":"1"}', '{"id":1,"type":"t","subject":"s"}'])(
    'keeps %j as no event',
    (body) => {
      const { take, view } = createLog();
      take(body);
      expect([view.garbage, view.counts()]).toEqual([[body], {}]);
    },
  );
});
