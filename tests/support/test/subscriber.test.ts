import { ReceivedEvents, withoutDuplicates } from '../src/subscriber.ts';

const event = (id: string, type: string, subject: string): string => JSON.stringify({ id, type, subject });

describe('what a subscription has received', () => {
  it('counts each event once, however often it comes', () => {
    const received = new ReceivedEvents();
    received.take(event('1', 'orderly.order.placed.v1', 'o1'));
    received.take(event('1', 'orderly.order.placed.v1', 'o1'));
    received.take(event('2', 'orderly.order.placed.v1', 'o2'));

    expect(withoutDuplicates(received.events).map(({ subject }) => subject)).toEqual(['o1', 'o2']);
    expect(received.events).toHaveLength(3);
  });

  it.each(['confirmed', 'rejected', 'cancelled'])(
    'says that an order is decided once it was %s',
    (change) => {
      const received = new ReceivedEvents();
      received.take(event('1', 'orderly.order.placed.v1', 'o1'));
      expect(received.decided.has('o1')).toBe(false);

      received.take(event('2', `orderly.order.${change}.v1`, 'o1'));

      expect([...received.decided]).toEqual(['o1']);
    },
  );

  it('tells everybody who waits for the decision on an order, then and later', async () => {
    const received = new ReceivedEvents();
    const waiting = [received.decision('o1'), received.decision('o1')];
    received.take(event('1', 'orderly.order.confirmed.v1', 'o2'));
    const first = await Promise.race([...waiting, Promise.resolve('nobody yet')]);
    received.take(event('2', 'orderly.order.confirmed.v1', 'o1'));

    expect(first).toBe('nobody yet');
    await expect(Promise.all([...waiting, received.decision('o1')])).resolves.toHaveLength(3);
  });

  it.each(['', 'x', '[]', '{"id":"1"}', '{"id":1,"type":"t","subject":"s"}'])(
    'keeps %j as garbage',
    (body) => {
      const received = new ReceivedEvents();
      received.take(body);

      expect([received.garbage, received.events]).toEqual([[body], []]);
    },
  );
});
