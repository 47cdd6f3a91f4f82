import type { Percentiles } from '@orderly/support/statistics';
import type { Table } from '../part.ts';
import {
  type ConsoleFigures,
  type CpuFigures,
  type FloorPoint,
  type GrowthPoint,
  type IdleFigures,
  type LoadPoint,
  legNames,
  type PlatformFigures,
} from './figures.ts';

/** Every figure, for people. */
export const tables = (figures: PlatformFigures): readonly Table[] => [
  overview(figures),
  idleTable(figures.idle),
  legTable(figures.idle),
  loadTable(figures.load),
  latencyTable(figures.load),
  floorTable(figures),
  cpuTable('CPU of the platform, ms per order', figures.load),
  cpuTable('CPU of the emulators without our code, ms per order', figures.floor),
  growthTable(figures.growth),
  ...(figures.console ? [consoleTable(figures.console)] : []),
];

const consoleTable = ({ closedPerSecond, openPerSecond, openShare, idleMiB }: ConsoleFigures): Table => ({
  title: 'The console, at 32 clients',
  columns: ['what', 'figure'],
  rows: [
    ['completed/s, no page open, in turn', closedPerSecond.join(', ')],
    ['completed/s, a page open', openPerSecond.join(', ')],
    ['open to closed, of the medians', openShare.toFixed(2)],
    ['memory before anybody has looked', `${idleMiB} MiB`],
  ],
});

const quantiles = ({ p50, p95, p99 }: Percentiles): readonly string[] => [p50, p95, p99].map(String);

/** `1 client`, `8 clients`. */
export const clientsText = (clients: number): string => `${clients} ${clients === 1 ? 'client' : 'clients'}`;

const optional = (figure: number | undefined, digits: number): string => figure?.toFixed(digits) ?? 'n/a';

const inMiB = (figure: number | undefined): string => (figure === undefined ? 'n/a' : `${figure} MiB`);

function overview({ ready, memory }: PlatformFigures): Table {
  const starts = ready.samplesMs.map((ms) => (ms / 1000).toFixed(1)).join(', ');
  return {
    title: 'The whole platform on one machine',
    columns: ['what', 'figure'],
    rows: [
      ['from start to ready, median', `${(ready.medianMs / 1000).toFixed(1)} s (of ${starts})`],
      ['resident memory after the first orders', inMiB(memory?.idleMiB)],
      ...(memory?.restingMiB ? [['the same two minutes later', inMiB(memory.restingMiB)]] : []),
      ['resident memory after the load', inMiB(memory?.afterLoadMiB)],
    ],
  };
}

const idleTable = ({ orders, acceptedMs, confirmedMs, notifiedMs }: IdleFigures): Table => ({
  title: `One order at a time: ms from sending its request (${orders} orders)`,
  columns: ['until', 'p50', 'p95', 'p99'],
  rows: [
    ['it is accepted', ...quantiles(acceptedMs)],
    ['a subscriber has OrderConfirmed', ...quantiles(confirmedMs)],
    ['a subscriber has NotificationSent', ...quantiles(notifiedMs)],
  ],
});

const legTable = ({ legs }: IdleFigures): Table => ({
  title: 'The legs of such an order, ms: to making the event, and from there to a subscriber',
  columns: ['leg', 'p50', 'p95', 'p99'],
  rows: legNames.map((name) => [name, ...quantiles(legs[name])]),
});

const loadTable = (load: readonly LoadPoint[]): Table => ({
  title: 'Load: clients that each send the next order when they have the answer to the last',
  columns: ['clients', 'orders', 'accepted/s', 'completed/s', 'retries', 'CPU ms per order'],
  rows: load.map((point) => [
    String(point.clients),
    String(point.orders),
    point.acceptedPerSecond.toFixed(1),
    point.completedPerSecond.toFixed(1),
    String(point.retries),
    optional(point.cpuMsPerOrder, 1),
  ]),
});

const latencyTable = (load: readonly LoadPoint[]): Table => ({
  title: 'Under load, ms from sending the request: p50, p95, p99',
  columns: ['clients', 'accepted', 'confirmed', 'notified'],
  rows: load.map(({ clients, acceptedMs, confirmedMs, notifiedMs }) => [
    String(clients),
    ...[acceptedMs, confirmedMs, notifiedMs].map((each) => quantiles(each).join(', ')),
  ]),
});

const floorTable = ({ floor, load }: PlatformFigures): Table => ({
  title: 'The same database and queue calls without our code, by one plain process',
  columns: ['clients', 'orders', 'completed/s', "platform's completed/s", "platform's share"],
  rows: floor.map(({ clients, orders, completedPerSecond, platformShare }) => [
    String(clients),
    String(orders),
    completedPerSecond.toFixed(1),
    optional(load.find((point) => point.clients === clients)?.completedPerSecond, 1),
    platformShare.toFixed(2),
  ]),
});

function cpuTable(title: string, points: readonly (LoadPoint | FloorPoint)[]): Table {
  const names = [...new Set(points.flatMap(({ processes = [] }) => processes.map(({ process }) => process)))];
  const ofProcess = ({ processes }: Partial<CpuFigures>, name: string): number | undefined =>
    processes?.find(({ process }) => process === name)?.cpuMsPerOrder;
  return {
    title,
    columns: ['process', ...points.map(({ clients }) => clientsText(clients))],
    rows: [
      ...names.map((name) => [name, ...points.map((point) => optional(ofProcess(point, name), 1))]),
      ['all', ...points.map(({ cpuMsPerOrder }) => optional(cpuMsPerOrder, 1))],
    ],
  };
}

function growthTable(growth: readonly GrowthPoint[]): Table {
  const rows = growth.map((point) => [
    String(point.lines),
    String(point.subscribers),
    String(point.ordersBefore),
    String(point.orders),
    point.completedPerSecond.toFixed(1),
    String(point.confirmedP50Ms),
    optional(point.cpuMsPerOrder, 1),
  ]);
  return {
    title: `What changes it, at ${growth[0]?.clients} clients`,
    columns: ['lines', 'subscribers', 'orders before', 'orders', 'completed/s', 'confirmed p50 ms', 'CPU ms'],
    rows,
  };
}
