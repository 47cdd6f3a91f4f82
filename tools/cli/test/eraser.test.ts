import { erasedEmail, OrderPlaced, OrderRejected, parse, parseEvent } from '@orderly/contracts';
import { sampleEvent } from '@orderly/contracts/testing';
import { shownContracts } from '../../codegen/contracts/contract.ts';
import { eraserOf } from '../src/forget/eraser.ts';

const ann = { id: 'ann', email: 'ann@example.com' };
const eraserFor = (customerId: string, pseudonym = customerId, addresses: readonly string[] = []) =>
  eraserOf({ customerId, pseudonym, addresses: new Set(addresses), open: new Set(['goes-on']) });
const erase = eraserFor('ann', 'ann', [ann.email]);
const of = (customer: { readonly id: string; readonly email: string }): string =>
  JSON.stringify(sampleEvent(OrderPlaced, { data: { customer } }));

it("erases a customer's address from an event, which keeps its contract, and nothing else of it", () => {
  const event = JSON.parse(of({ id: 'ann', email: 'another@example.com' }));

  const erased = JSON.parse(erase(JSON.stringify(event)));

  // What callers have noted of an order may name anybody.
  const { reference, metadata, ...unnoted } = event.data;
  expect([reference, metadata]).not.toContain(undefined);
  expect(erased).toEqual({
    ...event,
    data: { ...unnoted, customer: { id: 'ann', email: erasedEmail } },
  });
  expect(parse(OrderPlaced.schema, erased).outcome === 'valid').toBe(true);
});

it('leaves alone what is about somebody else, also where they share the address', () => {
  const event = of({ id: 'bob', email: ann.email });

  expect(erase(event)).toBe(event);
});

it('leaves alone what an order that goes on still has to say', () => {
  const event = sampleEvent(OrderPlaced, { data: { customer: ann } });
  const open = JSON.stringify({ ...event, data: { ...event.data, orderId: 'goes-on' } });

  expect(erase(open)).toBe(open);
});

it('changes nothing the second time', () => {
  const once = erase(of(ann));

  expect(erase(once)).toBe(once);
});

it.each([
  ['550 <ann@example.com>: no such user', `550 <${erasedEmail}>: no such user`],
  ['to Ann@Example.com.', `to ${erasedEmail}.`],
  ['{"broken":"ann@example.com"', `{"broken":"${erasedEmail}"`],
  ["550 'ann@example.com'", `550 '${erasedEmail}'`],
  ['joann@example.com', 'joann@example.com'],
  ["o'ann@example.com", "o'ann@example.com"],
  ['jo&ann@example.com', 'jo&ann@example.com'],
  ['ann@example.com.au', 'ann@example.com.au'],
  ['ann@example.community', 'ann@example.community'],
])('finds whole addresses in any text: %s', (text, erased) => {
  expect(erase(text)).toBe(erased);
});

it('replaces an id that is an address itself', () => {
  const event = parseEvent(eraserFor(ann.email, 'forgotten-1')(of({ id: ann.email, email: ann.email })));

  expect(event).toMatchObject({
    event: { data: { customer: { id: 'forgotten-1', email: erasedEmail } } },
  });
});

/** The values of an event whose fields the contract marks as identifying. */
function identifying(schema: object, value: unknown): readonly unknown[] {
  const { properties = {}, items, 'x-personal': personal }: Record<string, unknown> = { ...schema };
  if (personal === 'identifying') return typeof value === 'object' ? Object.values(Object(value)) : [value];
  if (Array.isArray(value)) return value.flatMap((item) => identifying(Object(items), item));
  return Object.entries(Object(properties)).flatMap(([name, field]) =>
    identifying(Object(field), Object(value)[name]),
  );
}

it('erases every field that the contracts mark as identifying, in every event', () => {
  const contracts = shownContracts();
  const told = contracts.map(({ schema, example }) => {
    const values = identifying(schema, example);
    const text = JSON.stringify({ ...example });
    const { customer = { id: 'nobody' } } = Object(example.data);
    const all = eraserFor(customer.id);
    return { values, left: values.filter((value) => all(text).includes(String(value))) };
  });

  expect(told.flatMap(({ left }) => left)).toEqual([]);
  expect(told.flatMap(({ values }) => values).length).toBeGreaterThanOrEqual(5);
});

it('keeps what SQS refuses spelled in ASCII', () => {
  const event = sampleEvent(OrderRejected, { data: { customer: ann } });
  const [line] = event.data.lines;
  const named = { ...event, data: { ...event.data, lines: [{ ...line, name: 'Mug \uFFFE' }] } };

  expect(erase(JSON.stringify(named))).toContain('Mug \\ufffe');
});
