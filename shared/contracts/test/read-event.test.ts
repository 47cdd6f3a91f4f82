import * as v from 'valibot';
import { byType, defineEvent, OrderPlaced, on, readEvent } from '../src/index.ts';
import { sampleEvent } from '../src/testing.ts';

const onPlaced = on(OrderPlaced, async () => {});
const reactions = byType([onPlaced]);
const event = sampleEvent(OrderPlaced);
const read = (value: unknown) => readEvent(JSON.stringify(value), reactions);

describe('readEvent', () => {
  it('returns the event and the reaction that is bound to its type', () => {
    expect(read(event)).toEqual({ outcome: 'event', event, reaction: onPlaced });
  });

  it.each(['{"type":"orderly.order.placed.v1"', '\uFEFF{}'])('calls %j invalid: it is not JSON', (json) => {
    const issues = [{ path: '', message: 'Invalid JSON' }];

    expect(readEvent(json, reactions)).toEqual({ outcome: 'invalid', issues });
  });

  it.each([null, true, 5, 'text', [], [event], {}, { type: 1 }, { type: null }, { type: '' }])(
    'calls %j invalid: it is not an object with a type',
    (value) => {
      expect(read(value)).toEqual({
        outcome: 'invalid',
        issues: [{ path: '/type', message: 'Not a CloudEvent: "type" is missing' }],
      });
    },
  );

  it.each(['orderly.order.returned.v1', 'toString', '__proto__', 'com.example.thing'])(
    'ignores the type %s, which has no reaction, whatever else the message holds',
    (type) => {
      expect(readEvent(`{"type":"${type}"}`, reactions)).toEqual({ outcome: 'ignored', type });
    },
  );

  it('reports every fault of the data, each with its JSON Pointer', () => {
    const [line] = event.data.lines;
    const broken = {
      ...event,
      data: {
        ...event.data,
        customer: { id: '', email: 'nobody' },
        lines: [line, { ...line, sku: 'a/b', quantity: 0 }],
        total: -1,
      },
    };

    const result = read(broken);

    expect(result).toEqual({
      outcome: 'invalid',
      issues: [
        { path: '/data/customer/id', message: expect.stringContaining('A customer id is 1 to 64') },
        { path: '/data/customer/email', message: 'Not an e-mail address' },
        { path: '/data/lines/1/sku', message: expect.stringContaining('A SKU must not hold "/"') },
        { path: '/data/lines/1/quantity', message: 'A quantity must be at least 1' },
        { path: '/data/total', message: 'An amount must be at least 0' },
      ],
    });
  });

  it('escapes ~ and / in a JSON Pointer (RFC 6901, section 3)', () => {
    const data = v.object({ 'a/b': v.object({ 'c~d': v.number() }) });
    const Odd = defineEvent({ topic: 'order-events', type: 'orderly.order.odd.v1', data });
    const json = JSON.stringify({ ...event, type: Odd.type, data: { 'a/b': { 'c~d': 'text' } } });

    const result = readEvent(json, byType([on(Odd, async () => {})]));

    expect(result).toMatchObject({ outcome: 'invalid', issues: [{ path: '/data/a~1b/c~0d' }] });
  });

  it.each([null, 5, 'text', undefined])('refuses the data %j', (data) => {
    expect(read({ ...event, data })).toMatchObject({ outcome: 'invalid', issues: [{ path: '/data' }] });
  });
});

describe('the envelope', () => {
  it.each([
    ['specversion', '0.3'],
    ['specversion', 1],
    ['id', ''],
    ['id', 'not-a-uuid'],
    ['source', 'orders'],
    ['source', 'orderly/'],
    ['source', 'orderly/Orders'],
    ['subject', ''],
    ['subject', 's'.repeat(129)],
    ['time', 'yesterday'],
    ['time', '2026-02-31'],
    ['datacontenttype', 'text/xml'],
    ['dataschema', 1],
    ['sequence', 0],
    ['sequence', 1.5],
    ['sequence', '1'],
    ['correlationid', ''],
    ['correlationid', 'c'.repeat(129)],
    ['causationid', ''],
    ['causationid', 'c'.repeat(129)],
    ['traceparent', ''],
    ['traceparent', null],
    ['traceparent', '01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'],
    ['traceparent', '00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01'],
  ])('refuses %s %j and names it', (attribute, value) => {
    const result = read({ ...event, [attribute]: value });

    expect(result).toMatchObject({ outcome: 'invalid', issues: [{ path: `/${attribute}` }] });
  });

  const needed =
    'specversion id source subject time datacontenttype dataschema sequence correlationid causationid';
  it.each(needed.split(' '))('needs %s', (attribute) => {
    const result = read({ ...event, [attribute]: undefined });

    expect(result).toMatchObject({ outcome: 'invalid', issues: [{ path: `/${attribute}` }] });
  });

  it('may carry a trace', () => {
    const traced = sampleEvent(OrderPlaced, {
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    });

    expect(read(traced)).toMatchObject({ outcome: 'event', event: traced });
  });

  it.each([
    ['subject', 's'.repeat(128)],
    ['correlationid', 'c'.repeat(128)],
    ['causationid', 'c'.repeat(128)],
    ['sequence', Number.MAX_SAFE_INTEGER],
    ['time', '2026-01-31T13:00:00+01:00'],
  ])('accepts %s at its limit: %j', (attribute, value) => {
    expect(read({ ...event, [attribute]: value })).toMatchObject({ outcome: 'event' });
  });
});
