import { setTimeout as pause } from 'node:timers/promises';
import { median, rounded } from '@orderly/support/statistics';
import type { Settings } from '../part.ts';
import { measureConsole } from './console.ts';
import type { GrowthPoint, LoadPoint, MemoryFigures, PlatformFigures } from './figures.ts';
import { fillOrders } from './filled-table.ts';
import { measureFloor } from './floor.ts';
import { measureGrowth, OWN_SUBSCRIBERS } from './growth.ts';
import { measureIdle } from './idle.ts';
import { measureLoad } from './load.ts';
import { type MeasuredPlatform, onPlatform } from './measured-platform.ts';
import { readTree } from './process-tree.ts';
import { clientsText } from './tables.ts';

const MANY_SUBSCRIBERS = 10;
const MANY_ORDERS = 100_000;

/** How much is measured. */
interface Extent {
  readonly idleOrders: number;
  /** serverless-offline looks once a minute for workers that had nothing to do for a minute. */
  readonly restSeconds: number;
  readonly clients: readonly number[];
  readonly loadSeconds: number;
  readonly growthSeconds: number;
  readonly consoleRounds: number;
  readonly largeTable: boolean;
}

const whole: Extent = {
  idleOrders: 30,
  restSeconds: 130,
  clients: [1, 8, 32, 128],
  loadSeconds: 12,
  growthSeconds: 8,
  consoleRounds: 5,
  largeTable: true,
};
const quickly: Extent = {
  idleOrders: 10,
  restSeconds: 0,
  clients: [1, 32],
  loadSeconds: 5,
  growthSeconds: 3,
  consoleRounds: 2,
  largeTable: false,
};

/** `ready` gets how long each platform took to start. */
export async function measurePlatform({ quick, say }: Settings): Promise<PlatformFigures> {
  const extent = quick ? quickly : whole;
  const readyMs: number[] = [];
  const ready = (ms: number): void => void readyMs.push(ms);
  const { growth: lines, ...usual } = await onPlatform({ name: 'a', legs: true, ready }, (platform) =>
    measureUsual(platform, extent, say),
  );
  const growth = [...lines];
  say(`${MANY_SUBSCRIBERS} subscribers`);
  const moreSubscribers = MANY_SUBSCRIBERS - OWN_SUBSCRIBERS;
  growth.push(
    await onPlatform({ name: 's', moreSubscribers, ready }, (platform) =>
      measureGrowth(platform, extent.growthSeconds, { subscribers: MANY_SUBSCRIBERS }),
    ),
  );
  if (extent.largeTable) {
    say(`${MANY_ORDERS} orders in the table`);
    growth.push(
      await onPlatform({ name: 't', ready }, (platform) => measureLargeTable(platform, extent.growthSeconds)),
    );
  }
  say('the emulators without our code');
  const floor = await measureFloor(usual.load, extent.loadSeconds);
  const samplesMs = readyMs.map((ms) => rounded(ms, 0));
  const console = await measureConsole({ rounds: extent.consoleRounds, seconds: extent.loadSeconds }, say);
  return { ready: { samplesMs, medianMs: median(samplesMs) }, ...usual, growth, floor, console };
}

async function measureUsual(
  platform: MeasuredPlatform,
  { idleOrders, restSeconds, clients, loadSeconds, growthSeconds }: Extent,
  say: Settings['say'],
): Promise<Pick<PlatformFigures, 'idle' | 'load' | 'growth' | 'memory'>> {
  say(`${idleOrders} orders, one at a time`);
  const idle = await measureIdle(platform, idleOrders);
  const idleMiB = memoryOf(platform);
  const restingMiB = restSeconds > 0 ? await memoryAfter(restSeconds, platform, say) : undefined;
  await platform.unsubscribeLegs();
  const growth: GrowthPoint[] = [];
  for (const lines of [1, 10, 99]) {
    say(lines === 1 ? 'orders of 1 line' : `orders of ${lines} lines`);
    growth.push(await measureGrowth(platform, growthSeconds, { lines }));
  }
  const load: LoadPoint[] = [];
  for (const count of clients) {
    say(clientsText(count));
    load.push(await measureLoad(platform, { clients: count, seconds: loadSeconds }));
  }
  return { idle, load, growth, ...memoryFigures({ idleMiB, restingMiB, afterLoadMiB: memoryOf(platform) }) };
}

async function measureLargeTable(platform: MeasuredPlatform, seconds: number): Promise<GrowthPoint> {
  await fillOrders(platform, MANY_ORDERS);
  return measureGrowth(platform, seconds, { filled: MANY_ORDERS });
}

function memoryOf({ tree }: MeasuredPlatform): number | undefined {
  const usages = readTree(tree);
  return usages && [...usages.values()].reduce((sum, { residentMiB }) => sum + residentMiB, 0);
}

async function memoryAfter(
  seconds: number,
  platform: MeasuredPlatform,
  say: Settings['say'],
): Promise<number | undefined> {
  say(`${seconds} s of rest`);
  await pause(seconds * 1_000);
  return memoryOf(platform);
}

function memoryFigures({
  idleMiB,
  restingMiB,
  afterLoadMiB,
}: Record<keyof MemoryFigures, number | undefined>): { readonly memory?: MemoryFigures } {
  if (idleMiB === undefined || afterLoadMiB === undefined) return {};
  return {
    memory: {
      idleMiB: rounded(idleMiB, 0),
      ...(restingMiB !== undefined && { restingMiB: rounded(restingMiB, 0) }),
      afterLoadMiB: rounded(afterLoadMiB, 0),
    },
  };
}
