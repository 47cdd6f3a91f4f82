import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { findPlatform } from '@orderly/local/platform';
import { repositoryRoot } from '@orderly/local/ports';
import { killService } from '@orderly/local/service-control';
import { clientOf } from '@orderly/support/client';
import { type DeadLetter, DeadLetters } from '@orderly/support/dead-letters';
import { Driver } from '@orderly/support/driver';
import { type Evidence, readTables } from '@orderly/support/evidence';
import { type Outcome, outcomeOf } from '@orderly/support/outcome';
import { type GroupedPoison, sendPoison } from '@orderly/support/poison';
import { scenario, type Troubles, takeTurns } from '@orderly/support/scenario';
import { startService } from '@orderly/support/services';
import { Subscription } from '@orderly/support/subscriber';
import { findingsOf, verdictOn } from '@orderly/support/verdict';
import type { FaultyPlatform } from './faulty-platform.ts';

/** What services print that were started again. */
const RESTARTED_LOG = join(repositoryRoot, '.orderly', 'agreement-restarted.log');

/** How this world makes what goes wrong in the scenario. @param sent gets the poison */
function troublesOf({ queues, stage, env }: FaultyPlatform, sent: GroupedPoison[]): Troubles {
  return {
    poison: async (poison) => {
      sent.push(...poison);
      await sendPoison(queues, poison);
    },
    inventoryLeaves: async () => {
      const record = findPlatform(stage);
      if (record === undefined) throw new Error(`The platform of stage ${stage} is gone`);
      await killService(record, 'inventory');
    },
    inventoryReturns: () =>
      startService(stage, 'inventory', { env: { ...process.env, ...env }, logFile: RESTARTED_LOG }),
  };
}

const LOOK_EVERY_MS = 150;
/** A step takes about a second; on a busy machine several. */
const AT_REST_WITHIN_MS = 60_000;

/** Carries out the scenario of @orderly/support on a platform of its own. @throws Error when it does not come to rest */
export async function playScenario(platform: FaultyPlatform): Promise<Outcome> {
  const { dynamodb, queues, stage, mail, record } = platform;
  const poison: GroupedPoison[] = [];
  const taken = new DeadLetters(queues);
  let deadLetters: readonly DeadLetter[] = [];
  const driver = new Driver({
    client: clientOf(record),
    concurrency: 1,
    knownWithinMs: AT_REST_WITHIN_MS,
  });
  const subscription = await Subscription.open(queues, { subscriber: 'scenario.fifo' });
  const takeDeadLetters = async (): Promise<void> => {
    deadLetters = await taken.take();
  };
  const collect = async (): Promise<Evidence> => ({
    ...{ accepted: driver.accepted, before: new Map(), poison },
    ...{ deadLettersLeft: new Map(), waiting: await queues.waiting() },
    ...(await readTables(dynamodb, stage, { isOrder: () => true, isProduct: () => true })),
    ...{ events: subscription.events, garbage: subscription.garbage },
    mails: mail.delivered.map(({ messageId }) => messageId),
    deadLetters,
  });
  const atRest = async (): Promise<void> => {
    const deadline = Date.now() + AT_REST_WITHIN_MS;
    for (;;) {
      const bodies = new Set(deadLetters.map(({ body }) => body));
      if (poison.some(({ ends, body }) => ends === 'dead-lettered' && !bodies.has(body)))
        await takeDeadLetters();
      const findings = findingsOf(verdictOn(await collect()));
      if (findings.length === 0) return;
      if (Date.now() > deadline) throw new Error(`No rest: ${findings.map(({ text }) => text).join('. ')}`);
      await pause(LOOK_EVERY_MS);
    }
  };
  try {
    await takeTurns({ plan: scenario(), driver, troubles: troublesOf(platform, poison), atRest });
    await takeDeadLetters();
    return outcomeOf(await collect());
  } finally {
    await subscription.remove();
  }
}
