import { dispatcher, OrderConfirmed, on } from '@orderly/contracts';
import { sampleEvent } from '@orderly/contracts/testing';

it('awards a point for every whole unit of currency', async () => {
  const points = new Map<string, number>();
  const dispatch = dispatcher(
    on(OrderConfirmed, async ({ data }) => {
      points.set(data.customer.id, Math.floor(data.total / 100));
    }),
  );
  const event = sampleEvent(OrderConfirmed, {
    data: { total: 1999, customer: { id: 'ada', email: 'a@b.org' } },
  });

  await dispatch(JSON.stringify(event));

  expect(points.get('ada')).toBe(19);
});
