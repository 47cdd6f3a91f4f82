import type { TopLevelSpec } from 'vega-lite';
import type { PlatformFigures } from './figures.ts';

const clients = {
  field: 'clients',
  type: 'quantitative',
  title: 'concurrent clients',
  scale: { type: 'log', base: 2 },
} as const;

const throughput = ({ load, floor }: PlatformFigures): TopLevelSpec => ({
  $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
  width: 480,
  height: 240,
  data: {
    values: [
      ...load.map(({ clients, completedPerSecond }) => ({ clients, completedPerSecond, of: 'the platform' })),
      ...floor.map(({ clients, completedPerSecond }) => ({
        clients,
        completedPerSecond,
        of: 'the same calls alone',
      })),
    ],
  },
  mark: { type: 'line', point: true },
  encoding: {
    x: clients,
    y: { field: 'completedPerSecond', type: 'quantitative', title: 'completed orders per second' },
    color: { field: 'of', type: 'nominal', title: null },
  },
});

const latency = ({ load }: PlatformFigures): TopLevelSpec => ({
  $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
  width: 480,
  height: 240,
  data: {
    values: load.flatMap(({ clients, acceptedMs, confirmedMs, notifiedMs }) =>
      Object.entries({ accepted: acceptedMs, confirmed: confirmedMs, notified: notifiedMs }).flatMap(
        ([to, { p50, p99 }]) => [
          { clients, to, share: 'p50', seconds: p50 / 1000 },
          { clients, to, share: 'p99', seconds: p99 / 1000 },
        ],
      ),
    ),
  },
  layer: [
    { mark: 'line', encoding: { strokeDash: { field: 'share', type: 'nominal', title: 'of the orders' } } },
    {
      mark: { type: 'point', filled: true, size: 60 },
      encoding: { shape: { field: 'share', type: 'nominal', title: 'of the orders' } },
    },
  ],
  encoding: {
    x: clients,
    y: { field: 'seconds', type: 'quantitative', title: 'seconds since the request', scale: { type: 'log' } },
    color: { field: 'to', type: 'nominal', title: 'until', sort: ['accepted', 'confirmed', 'notified'] },
  },
});

/** Plots of the platform, by the name of their file. */
export const plots = (figures: PlatformFigures): Readonly<Record<string, TopLevelSpec>> => ({
  'platform-throughput': throughput(figures),
  'platform-latency': latency(figures),
});
