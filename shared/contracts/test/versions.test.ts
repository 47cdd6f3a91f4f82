import * as v from 'valibot';
import {
  byType,
  defineEvent,
  dispatcher,
  type EventDefinition,
  inBothVersions,
  type NewEvent,
  OrderPlaced,
  OrderShipped,
  on,
  readEvent,
} from '../src/index.ts';
import { sampleEvent } from '../src/testing.ts';

/** Three versions of one event: a field is renamed, then another is split. */
const First = defineEvent({
  topic: 'order-events',
  type: 'orderly.parcel.sent.v1',
  data: v.object({ weight: v.number(), to: v.string() }),
});
const Second = defineEvent({
  topic: 'order-events',
  type: 'orderly.parcel.sent.v2',
  data: v.object({ grams: v.pipe(v.number(), v.integer()), to: v.string() }),
  previous: { definition: First, upcast: ({ weight, to }) => ({ grams: weight * 1000, to }) },
});
const Third = defineEvent({
  topic: 'order-events',
  type: 'orderly.parcel.sent.v3',
  data: v.object({ grams: v.number(), street: v.string(), city: v.string() }),
  previous: {
    definition: Second,
    upcast: ({ grams, to }) => {
      const [street, city] = to.split(', ');
      if (street === undefined || city === undefined) throw new Error(`"${to}" is no street and city`);
      return { grams, street, city };
    },
  },
});

const inEnvelope = ({ type, dataschema, data, ...more }: NewEvent) =>
  JSON.stringify({ ...sampleEvent(OrderPlaced), type, dataschema, data, ...more });
const first = First.of({ weight: 2, to: 'Kings Road 1, Brighton' });
const second = Second.of({ grams: 2_000, to: 'Kings Road 1, Brighton' });
const third = Third.of({ grams: 2_000, street: 'Kings Road 1', city: 'Brighton' });

const nothing = async () => {};

describe('an event of an earlier version', () => {
  it.each([
    ['the version before', second],
    ['one from two versions ago', first],
    ['its own version', third],
  ])('is read as the version that the reader knows: %s', (_what, event) => {
    const reaction = on(Third, nothing);

    const read = readEvent(inEnvelope(event), byType([reaction]));

    const { type, dataschema, data } = third;
    expect(read).toEqual({
      outcome: 'event',
      event: { ...sampleEvent(OrderPlaced), type, dataschema, data },
      reaction,
    });
  });

  it('is checked as its own version before it is upcast', () => {
    const read = readEvent(inEnvelope({ ...first, data: { weight: 'heavy' } }), byType([on(Third, nothing)]));

    expect(read).toMatchObject({
      outcome: 'invalid',
      issues: [{ path: '/data/weight' }, { path: '/data/to' }],
    });
  });

  it('is checked again after it was upcast', () => {
    const read = readEvent(inEnvelope(First.of({ weight: 0.0001, to: 'x' })), byType([on(Second, nothing)]));

    expect(read).toMatchObject({ outcome: 'invalid', issues: [{ path: '/data/grams' }] });
  });

  it('is invalid when its upcaster throws, with the reason', () => {
    const read = readEvent(inEnvelope(First.of({ weight: 1, to: 'nowhere' })), byType([on(Third, nothing)]));

    expect(read).toEqual({
      outcome: 'invalid',
      issues: [
        { path: '/data', message: `Not readable as ${Third.type}: Error: "nowhere" is no street and city` },
      ],
    });
  });

  it('goes to the reaction that is bound to its own version, if there is one', () => {
    const [onFirst, onThird] = [on(First, nothing), on(Third, nothing)];

    const index = byType([onThird, onFirst]);

    expect(index.get(First.type)).toBe(onFirst);
    expect(index.get(Second.type)).toBe(onThird);
  });

  it('is ignored by a reader of a version without an upcaster from it', () => {
    const Detached = defineEvent({
      topic: 'order-events',
      type: Second.type,
      data: v.object({ grams: v.number() }),
    });

    expect(readEvent(inEnvelope(first), byType([on(Detached, nothing)]))).toEqual({
      outcome: 'ignored',
      type: First.type,
    });
  });
});

describe('a change that is published in two versions', () => {
  const both = inBothVersions(first, second).map(inEnvelope);

  it.each<[string, EventDefinition, NewEvent]>([
    ['of the first version', First, first],
    ['of the second version', Second, second],
    ['of the third version', Third, third],
  ])('is handled once by a reader %s', async (_what, definition, { data }) => {
    const seen: unknown[] = [];
    const reaction = on(definition, async (event) => {
      seen.push(event.data);
    });
    const dispatch = dispatcher(reaction);

    for (const message of both) await dispatch(message);

    expect(seen).toEqual([data]);
  });

  it('is handled once by a reader of both', async () => {
    const seen: string[] = [];
    const see = async ({ type }: { readonly type: string }) => void seen.push(type);
    const dispatch = dispatcher(on(First, see), on(Second, see));

    const outcomes = [];
    for (const message of both) outcomes.push(await dispatch(message));

    expect(outcomes).toEqual(['ignored', 'handled']);
    expect(seen).toEqual([Second.type]);
  });

  it('changes the older event only by one attribute, which its readers ignore', () => {
    const [older, newer] = inBothVersions(first, second);

    expect(older).toEqual({ ...first, replacedby: Second.type });
    expect(newer).toBe(second);
  });

  it.each([
    ['the newer one first', second, first],
    ['the same event twice', first, first],
    ['another event', OrderShipped.of(sampleEvent(OrderShipped).data), second],
    ['a type of another form', { ...first, type: 'com.example.parcel.sent' }, second],
  ])('is refused: %s', (_what, older, newer) => {
    expect(() => inBothVersions(older, newer)).toThrow(
      new TypeError(`${older.type} is no earlier version of ${newer.type}`),
    );
  });
});

describe('defineEvent', () => {
  it.each([
    ['orderly.parcel.sent.v3', 'order-events'],
    ['orderly.parcel.lost.v2', 'order-events'],
    ['orderly.parcel.sent.v2', 'inventory-events'],
  ] as const)('refuses %s of %s as the version after the first one', (type, topic) => {
    const following = () =>
      defineEvent({
        topic,
        type,
        data: v.object({}),
        previous: { definition: First, upcast: () => ({}) },
      });

    expect(following).toThrow(
      new TypeError(`${First.type} of order-events is not the version before ${type} of ${topic}`),
    );
  });
});
