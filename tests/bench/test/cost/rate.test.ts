import fc from 'fast-check';
import { functionOf } from '../../src/cost/life.ts';
import {
  batchSize,
  chargedFor,
  coldShare,
  emptyReceivesPerSecond,
  lookUpShare,
  paceOf,
  tracedShare,
} from '../../src/cost/rate.ts';
import { charged, priceOf } from '../../src/cost/usage.ts';
import { aLife } from './life.ts';

const perSecond = fc.double({ min: 1e-6, max: 1e4, noNaN: true });
const perDay = fc.integer({ min: 1, max: 10_000_000 });

describe('a batch', () => {
  it('of what comes seldom holds one', () => {
    expect(batchSize(0, 1, 10)).toBe(1);
    expect(batchSize(1e-4, 0.25, 10)).toBeCloseTo(1, 3);
  });

  it('of what comes often holds all that came since the last', () =>
    expect(batchSize(40, 1, 100)).toBeCloseTo(40, 6));

  it('is never smaller than one, nor larger than it may be', () =>
    fc.assert(
      fc.property(perSecond, perSecond, (rate, every) => {
        const size = batchSize(rate, every, 10);

        expect(size).toBeGreaterThanOrEqual(1 - 1e-6);
        expect(size).toBeLessThanOrEqual(10);
      }),
    ));

  it('grows with the rate', () =>
    fc.assert(
      fc.property(perSecond, (rate) =>
        expect(batchSize(rate * 2, 0.25, 100)).toBeGreaterThanOrEqual(batchSize(rate, 0.25, 100) - 1e-6),
      ),
    ));
});

it.each([
  ['cold starts', coldShare],
  ['look-ups', lookUpShare],
  ['traces', tracedShare],
])('the share of %s is one for rare invocations, and falls', (_, share) => {
  expect(share(1e-9)).toBeCloseTo(1, 5);
  fc.assert(
    fc.property(perSecond, (rate) => {
      expect(share(rate * 2)).toBeLessThanOrEqual(share(rate) + 1e-9);
      expect(share(rate)).toBeGreaterThanOrEqual(0);
    }),
  );
});

describe('empty receives', () => {
  it('of an unused queue are all its long polls', () =>
    expect(emptyReceivesPerSecond(0, 5) * 60).toBeCloseTo(15, 9));

  it('come close to that while little comes', () =>
    expect(emptyReceivesPerSecond(1e-6, 5)).toBeCloseTo(emptyReceivesPerSecond(0, 5), 4));

  it('end when every poll brings something', () => expect(emptyReceivesPerSecond(100, 5)).toBeCloseTo(0, 9));

  it('are fewer the more comes, and the fewer poll', () =>
    fc.assert(
      fc.property(perSecond, (rate) => {
        expect(emptyReceivesPerSecond(rate * 2, 5)).toBeLessThanOrEqual(emptyReceivesPerSecond(rate, 5));
        expect(emptyReceivesPerSecond(rate, 2)).toBeLessThanOrEqual(emptyReceivesPerSecond(rate, 5));
      }),
    ));
});

describe('an invocation', () => {
  const life = aLife();
  const load = { ordersPerDay: 10, systemLogs: false, traced: false, spans: false };
  const [place, publish] = life.steps.placed;
  const [follow] = life.steps.reserved;
  if (!place || !publish || !follow) throw new Error('The life of the tests has no such steps');

  it('by HTTP is one request to the API and one to Lambda', () =>
    expect(chargedFor(place, life, load)).toMatchObject({
      httpRequests: 1,
      lambdaRequests: 1,
      writeUnits: 2,
      fifoRequests: 0,
    }));

  it('that publishes sends, and looks its subscriptions up while it is cold', () => {
    const { fifoRequests, standardRequests } = chargedFor(publish, life, load);

    expect(fifoRequests).toBeCloseTo(1, 3);
    expect(standardRequests).toBeCloseTo(3 * lookUpShare(paceOf(life, functionOf(publish), 10).perSecond), 3);
  });

  it('that consumes is received and deleted', () =>
    expect(chargedFor(follow, life, load).fifoRequests).toBeCloseTo(2, 3));

  it('costs more with system logs, and with traces', () => {
    const { logBytes, traces } = chargedFor(place, life, load);

    expect(chargedFor(place, life, { ...load, systemLogs: true }).logBytes).toBeGreaterThan(logBytes + 300);
    expect(traces).toBe(0);
    expect(chargedFor(place, life, { ...load, traced: true }).traces).toBeCloseTo(1, 6);
  });

  it('costs the bytes of its spans only where they are on', () => {
    const span = {
      type: 'span',
      service: 'orders',
      name: 'POST /orders',
      kind: 'server',
      traceId: '0af7651916cd43dd8448eb211c80319c',
      spanId: 'b7ad6b7169203331',
      startTime: 1,
      duration: 1,
      outcome: 'ok',
      attributes: {},
    };
    const line = JSON.stringify(span);
    const withSpan = { ...place, logged: [...place.logged, line] };
    const { logBytes } = chargedFor(place, life, load);

    expect(chargedFor(withSpan, life, load).logBytes).toBe(logBytes);
    expect(chargedFor(withSpan, life, { ...load, spans: true }).logBytes).toBe(logBytes + line.length + 26);
  });

  it('never costs more when more orders come', () =>
    fc.assert(
      fc.property(perDay, fc.constantFrom(...Object.values(life.steps).flat()), (ordersPerDay, each) => {
        const priceAt = (rate: number) =>
          priceOf(chargedFor(each, life, { ...load, traced: true, ordersPerDay: rate }));

        expect(priceAt(ordersPerDay * 2)).toBeLessThanOrEqual(priceAt(ordersPerDay) + 1e-12);
      }),
    ));

  it('never has a negative or endless amount', () =>
    fc.assert(
      fc.property(perDay, fc.constantFrom(...Object.values(life.steps).flat()), (ordersPerDay, each) => {
        const amounts = chargedFor(each, life, { ordersPerDay, systemLogs: true, traced: true, spans: true });

        for (const name of charged) expect(amounts[name]).toBeGreaterThanOrEqual(0);
        for (const name of charged) expect(amounts[name]).toBeLessThan(10_000);
      }),
    ));
});
