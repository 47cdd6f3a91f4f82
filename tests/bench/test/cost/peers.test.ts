import { airlineBooking } from '../../src/cost/peers/airline-booking.ts';
import { idleMonth, observationBill, peerBill } from '../../src/cost/peers/bill.ts';
import {
  type CountedDesign,
  countDesign,
  type Extent,
  lifeOf,
  managedUsage,
} from '../../src/cost/peers/count.ts';
import type { Design, PeerWork } from '../../src/cost/peers/design.ts';
import { ecommercePlatform } from '../../src/cost/peers/ecommerce-platform.ts';
import { comparePeers, peerTable } from '../../src/cost/peers/table.ts';
import { priceOf, sum } from '../../src/cost/usage.ts';
import { aLife, aStage } from './life.ts';
import { documentedPeers, peerCells } from './peer-table.ts';

let ecommerce: CountedDesign;
let airline: CountedDesign;
beforeAll(async () => {
  ecommerce = await countDesign(ecommercePlatform(3));
  airline = await countDesign(airlineBooking());
});

/** Of an order in each step, as counted by hand in the templates and the code. */
const unitsOf = ({ functions, managed }: CountedDesign, step: PeerWork['step']) => {
  const calls = [...functions, ...managed]
    .filter((work) => work.step === step && work.beyond === undefined)
    .flatMap((work) => work.calls);
  return [
    calls.reduce((total, { readUnits }) => total + readUnits, 0),
    calls.reduce((total, { writeUnits }) => total + writeUnits, 0),
  ];
};

describe('the e-commerce platform', () => {
  it.each([
    // BatchGetItem of three products; the order and its index.
    ['placed', 1.5, 2],
    // Three items and one of metadata, each in the index of products, one in the index of new ones.
    ['reserved', 0.5, 9],
    // The metadata and its index; the order and its index.
    ['confirmed', 1.5, 4],
    // A delivery and its index, its status; the order and its index.
    ['shipped', 1, 5],
  ] as const)('reads and writes these units when an order is %s', (step, reads, writes) =>
    expect(unitsOf(ecommerce, step)).toEqual([reads, writes]),
  );

  it('takes three GraphQL and two REST requests, 15 runs and five events for an order', () => {
    const { restRequests, graphqlRequests, busEvents, stateTransitions } = peerBill(
      ecommerce,
      'same life',
      10,
    );
    const runs = Object.values(lifeOf(ecommerce, 'same life').steps).flat();

    expect({ restRequests, graphqlRequests, busEvents, stateTransitions, runs: runs.length }).toEqual({
      restRequests: 2,
      graphqlRequests: 3,
      busEvents: 5,
      stateTransitions: 0,
      runs: 15,
    });
  });

  it('pays for payment, delivery prices and work in progress only where all is counted', () => {
    const { restRequests, graphqlRequests, writeUnits } = peerBill(ecommerce, 'all', 10);
    const beyond = ecommerce.design.life.flatMap(({ beyond = [] }) => beyond);

    expect([...new Set(beyond)].sort()).toEqual(['delivery prices', 'payment', 'work in progress']);
    expect([restRequests, graphqlRequests, writeUnits]).toEqual([4, 5, 20 + 2 + 5]);
  });

  it('needs more units for more products', async () => {
    const more = await countDesign(ecommercePlatform(20));

    expect(peerBill(more, 'same life', 10).writeUnits).toBeGreaterThan(20 + 2 * 17);
  });

  it('begins a trace with each GraphQL request and each batch of a stream, and archives its events', () => {
    const { traces, logBytes, archivedBytes } = observationBill(ecommerce, 'same life', 10);

    expect(traces).toBeCloseTo(3 + 7, 2);
    expect(logBytes).toBeCloseTo(15 * 1_126, -1);
    expect(archivedBytes).toBeGreaterThan(4_000);
  });

  it('has 24 metrics of alarms and three dashboards when nobody orders', () =>
    expect(idleMonth(ecommerce)).toBeCloseTo(24 * 0.1 + 3 * 3, 9));
});

describe('the airline booking', () => {
  it.each([
    ['reserved', 2 + 2],
    // Its status is in the key of an index, so the index writes twice.
    ['confirmed', 1 + 2],
    ['notified', 0],
  ] as const)('writes these units when a booking is %s', (step, writes) =>
    expect(unitsOf(airline, step)).toEqual([0, writes]),
  );

  it('executes five states and runs three functions on x86_64 for a booking', () => {
    const bill = peerBill(airline, 'same life', 10);

    expect(bill).toMatchObject({
      graphqlRequests: 1,
      stateTransitions: 5,
      topicMessages: 1,
      lambdaGbSeconds: 0,
    });
    expect(bill.lambdaRequests).toBe(3);
    expect(bill.lambdaX86GbSeconds).toBeGreaterThan(0);
  });

  it('begins a trace with each function', () =>
    expect(observationBill(airline, 'same life', 10)).toMatchObject({
      traces: 3,
      archivedBytes: 0,
      logBytes: 0,
    }));

  it('costs nothing when nobody books', () => expect(idleMonth(airline)).toBe(0));
});

it('a function that waits for another one is billed for both', async () => {
  const alone = (awaits: readonly string[]): Design => {
    const { life, ...rest } = ecommercePlatform(3);
    return { ...rest, life: life.map((work) => ('awaits' in work ? { ...work, awaits } : work)) };
  };
  const counted = await countDesign(alone([]));
  const rarely = 1e-6;
  const gbSeconds = (each: CountedDesign) => peerBill(each, 'same life', rarely).lambdaGbSeconds;
  // Cold: 300 ms, 10 of its own, and 8 for a read, at the memory of who waits.
  const waited = 0.318 * ((768 + 128) / 1024);

  expect(gbSeconds(ecommerce) - gbSeconds(counted)).toBeCloseTo(waited, 6);
});

it('own work is slower with less memory than the assumed times hold for, and only where that is asked for', () => {
  const slower = { slowerWithLessMemory: true };
  const gbSeconds = (memoryMb: number, settings = {}) => {
    const { design, functions, managed } = airline;
    const sized = Object.entries(design.functions).map(([name, each]) => [name, { ...each, memoryMb }]);
    const counted = { design: { ...design, functions: Object.fromEntries(sized) }, functions, managed };
    return peerBill(counted, 'same life', 100_000, settings).lambdaX86GbSeconds;
  };
  // Three runs of 10 ms; the other 28 ms are waiting for DynamoDB and SNS.
  expect(gbSeconds(512)).toBeCloseTo(0.058 * 0.5, 6);
  expect(gbSeconds(512, slower)).toBeCloseTo(0.058 * 0.5, 6);
  expect(gbSeconds(128)).toBeCloseTo(0.058 * 0.125, 6);
  expect(gbSeconds(128, slower)).toBeCloseTo((0.12 + 0.028) * 0.125, 6);
});

it.each(['same life', 'all'] as const satisfies readonly Extent[])(
  'what AWS does itself has no invocation, in %s',
  (extent) => {
    const total = sum([...managedUsage(ecommerce, extent), ...managedUsage(airline, extent)]);

    expect(total).toMatchObject({ lambdaRequests: 0, lambdaGbSeconds: 0, logBytes: 0 });
    expect(total.graphqlRequests + total.stateTransitions).toBeGreaterThan(8);
  },
);

it('a run of a function that a design does not have is refused by its name', async () => {
  const { life, ...rest } = airlineBooking();
  const stray = { step: 'placed', run: 'booking/Nobody', on: 'call', source: 'x.yaml:1' } as const;

  await expect(countDesign({ ...rest, life: [...life, stray] })).rejects.toThrow(
    'airline booking has no function booking/Nobody',
  );
});

it.each([ecommercePlatform(3), airlineBooking()])(
  'every count of $title names its file and line',
  (design) => {
    const { tables, functions, life, standing, observed, commit } = design;
    const sourced = [
      ...[tables, functions].flatMap((each) => Object.values(each)),
      ...life,
      ...life.flatMap(({ requests = [] }) => requests),
      ...standing,
    ];
    const sources = [...sourced.map(({ source }) => source), ...Object.values(observed)];

    expect(commit).toMatch(/^[0-9a-f]{40}$/);
    expect(sources.length).toBeGreaterThan(20);
    for (const source of sources) expect(source).toMatch(/^[\w./-]+\.(yaml|py|ts|graphql):\d+$/);
  },
);

it('docs/cost.md has what was counted of other designs', async () => {
  const shown = peerCells(peerTable(await comparePeers(aLife(), 3, aLife()), aStage));
  const theirs = (cells: readonly (readonly string[])[]) =>
    cells.map(([, title, , ecommerce, , airline]) => [title, ecommerce, airline]);

  expect(shown.length).toBeGreaterThan(10);
  expect(theirs(documentedPeers())).toEqual(theirs(shown));
});

it('the table leaves nothing of a bill out', async () => {
  const cells = peerCells(peerTable(await comparePeers(aLife(), 3, aLife()), aStage));
  const column = (place: number) => cells.slice(2, 10).map((row) => Number(row[place]));
  const total = cells.find(([, title]) => title === '**sum**');

  for (const place of [2, 3, 4, 5])
    expect(column(place).reduce((total, each) => total + each, 0)).toBeCloseTo(Number(total?.[place]), 1);
  expect(Number(total?.[3])).toBeCloseTo(priceOf(peerBill(ecommerce, 'same life', 1_000)) * 1_000_000, 2);
});
