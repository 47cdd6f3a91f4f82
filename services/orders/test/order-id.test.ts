import { OrderId, parse } from '@orderly/contracts';
import fc from 'fast-check';
import { newOrderId, requestHash } from '../src/api/order-id.ts';
import { customer } from './builders.ts';

const ada = customer('ada').id;

it('without a key every order has its own id', () => {
  const ids = Array.from({ length: 100 }, () => newOrderId(ada, undefined));

  expect(new Set(ids).size).toBe(100);
});

it('the same customer and key always mean the same order', () => {
  expect(newOrderId(ada, 'key-1')).toBe(newOrderId(ada, 'key-1'));
});

it('another customer or another key is another order, wherever the one ends and the other begins', () => {
  const ids = [
    newOrderId(ada, 'key-1'),
    newOrderId(ada, 'key-2'),
    newOrderId(customer('ada2').id, 'key-1'),
    newOrderId(customer('adak').id, 'ey-1'),
  ];

  expect(new Set(ids).size).toBe(4);
});

it('a derived id is a UUIDv8 of the RFC 9562 variant', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[\x21-\x7e]{1,255}$/), (key) => {
      const id = newOrderId(ada, key);

      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(parse(OrderId, id)).toMatchObject({ outcome: 'valid' });
    }),
  );
});

it('a derived id stays the same from release to release, or repeats would become new orders', () => {
  expect(newOrderId(ada, 'key-1')).toBe('271c163f-b7bb-8f38-af19-08874c9d3547');
});

it('two requests have the same hash exactly when they ask for the same', () => {
  const request = ['ada', 'ada@example.com', [{ sku: 'A', quantity: 1 }]];

  expect(requestHash(structuredClone(request))).toBe(requestHash(request));
  expect(requestHash(['ada', 'ada@example.com', [{ sku: 'A', quantity: 2 }]])).not.toBe(requestHash(request));
  expect(requestHash(['ada', 'eve@example.com', [{ sku: 'A', quantity: 1 }]])).not.toBe(requestHash(request));
});
