import { setTimeout as pause } from 'node:timers/promises';
import { clientOf } from '@orderly/support/client';
import { Driver } from '@orderly/support/driver';
import { type Evidence, readTables } from '@orderly/support/evidence';
import { type Outcome, outcomeOf } from '@orderly/support/outcome';
import { scenario, takeTurns } from '@orderly/support/scenario';
import { Subscription } from '@orderly/support/subscriber';
import { findingsOf, verdictOn } from '@orderly/support/verdict';
import type { FaultyPlatform } from './faulty-platform.ts';

const LOOK_EVERY_MS = 150;
/** A step takes about a second; on a busy machine several. */
const AT_REST_WITHIN_MS = 60_000;

/** Carries out the scenario of @orderly/support on a platform of its own. @throws Error when it does not come to rest */
export async function playScenario(platform: FaultyPlatform): Promise<Outcome> {
  const { dynamodb, queues, stage, mail, record } = platform;
  const driver = new Driver({
    client: clientOf(record),
    concurrency: 1,
    knownWithinMs: AT_REST_WITHIN_MS,
  });
  const subscription = await Subscription.open(queues, { subscriber: 'scenario.fifo' });
  const collect = async (): Promise<Evidence> => ({
    ...{ accepted: driver.accepted, before: new Map(), poison: [], deadLetters: [] },
    ...{ deadLettersLeft: new Map(), waiting: await queues.waiting() },
    ...(await readTables(dynamodb, stage, { isOrder: () => true, isProduct: () => true })),
    ...{ events: subscription.events, garbage: subscription.garbage },
    mails: mail.delivered.map(({ messageId }) => messageId),
  });
  const atRest = async (): Promise<void> => {
    const deadline = Date.now() + AT_REST_WITHIN_MS;
    for (;;) {
      const evidence = await collect();
      const findings = findingsOf(verdictOn(evidence));
      if (findings.length === 0 && evidence.waiting === 0) return;
      if (Date.now() > deadline)
        throw new Error(`No rest: ${evidence.waiting} wait. ${findings.map(({ text }) => text).join('. ')}`);
      await pause(LOOK_EVERY_MS);
    }
  };
  try {
    await takeTurns({ plan: scenario(), driver, atRest });
    return outcomeOf(await collect());
  } finally {
    await subscription.remove();
  }
}
