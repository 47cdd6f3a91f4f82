import { TestBrowser } from '@orderly/support/browser';
import { median, rounded } from '@orderly/support/statistics';
import type { Settings } from '../part.ts';
import type { ConsoleFigures } from './figures.ts';
import { measureLoad } from './load.ts';
import { type MeasuredPlatform, NPM_START, onPlatform } from './measured-platform.ts';
import { readTree } from './process-tree.ts';

const CLIENTS = 32;
/** After which what an open or closed page has begun is over. */
const SETTLE_MS = 2_000;

const settle = (): Promise<void> => new Promise((done) => setTimeout(done, SETTLE_MS));

/** Resident memory of the process that serves the console; absent where the system has no /proc. */
const memoryOf = ({ tree }: MeasuredPlatform): number => readTree(tree)?.get(NPM_START)?.residentMiB ?? 0;

/** What the console costs: of memory, and of throughput while a browser on this machine shows it. */
export async function measureConsole(
  { rounds, seconds }: { readonly rounds: number; readonly seconds: number },
  say: Settings['say'],
): Promise<ConsoleFigures> {
  say('without the console');
  const withoutMiB = await onPlatform({ name: 'n', console: false }, async (platform) => {
    await settle();
    return memoryOf(platform);
  });
  say('with the console, its page closed and open in turn');
  return onPlatform({ name: 'c' }, async (platform) => {
    await settle();
    const idleMiB = memoryOf(platform);
    const browser = await TestBrowser.start();
    const closed: number[] = [];
    const open: number[] = [];
    try {
      for (let round = 0; round < rounds; round += 1) {
        closed.push((await measureLoad(platform, { clients: CLIENTS, seconds })).completedPerSecond);
        const page = await browser.newPage({ watched: false });
        await page.goto(`${platform.consoleUrl}/events`);
        await settle();
        open.push((await measureLoad(platform, { clients: CLIENTS, seconds })).completedPerSecond);
        await browser.closePages();
        await settle();
      }
    } finally {
      await browser.close();
    }
    return {
      closedPerSecond: closed,
      openPerSecond: open,
      openShare: rounded(median(open) / median(closed), 2),
      idleMiB: rounded(idleMiB - withoutMiB, 0),
    };
  });
}
