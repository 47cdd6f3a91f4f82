import type { Accepted } from '@orderly/support/accepted';
import type { Evidence } from '@orderly/support/evidence';
import { type Outcome, outcomeOf } from '@orderly/support/outcome';
import type { GroupedPoison } from '@orderly/support/poison';
import type { Troubles } from '@orderly/support/scenario';
import { findingsOf, verdictOn } from '@orderly/support/verdict';
import { deadLettersIn, evidenceOf } from './judge/evidence.ts';
import { bundleAll, compileAll, type Programs } from './programs.ts';
import { SHOP, TOPICS } from './simulation.ts';
import { NO_FAULTS } from './world/faults.ts';
import { Guest } from './world/guest.ts';
import { sendPoison } from './world/incidents.ts';
import { Platform } from './world/platform.ts';
import { Subscriber } from './world/subscriber.ts';
import { World } from './world/world.ts';

const SEED = 18;
const LOOK_EVERY_MS = 200;
/** Five receives of poison are 7.5 minutes apart. */
const AT_REST_WITHIN_MS = 15 * 60_000;

/** How this world makes what goes wrong in the scenario. @param sent gets the poison */
function troublesOf(world: World, platform: Platform, sent: GroupedPoison[]): Troubles {
  return {
    poison: async (poison) => {
      sent.push(...poison);
      await sendPoison({ world, platform }, poison);
    },
    inventoryLeaves: () => platform.takeAway('inventory'),
    inventoryReturns: () => platform.bringBack('inventory'),
  };
}

/** Carries out the scenario of @orderly/support where nothing else goes wrong. */
async function play(world: World, { stacks, present, customers }: Programs): Promise<Outcome> {
  const platform = await Platform.deploy(world, stacks, present);
  const { call } = platform;
  const { events, garbage } = await Subscriber.open(world, call, { name: 'judge.fifo', topics: TOPICS });
  const poison: GroupedPoison[] = [];
  const collect = (accepted: Accepted): Promise<Evidence> =>
    evidenceOf({
      ...{ world, call, accepted, events, garbage, poison },
      ...{ deadLetters: deadLettersIn(world), returned: undefined },
    });
  const atRest = async (accepted: Accepted): Promise<void> => {
    const deadline = world.scheduler.now() + AT_REST_WITHIN_MS;
    for (;;) {
      const findings = findingsOf(verdictOn(await collect(accepted)));
      if (findings.length === 0) return;
      if (world.scheduler.now() > deadline)
        throw new Error(`No rest: ${findings.map(({ text }) => text).join('. ')}`);
      await world.scheduler.sleep(LOOK_EVERY_MS);
    }
  };
  const guest = new Guest(world, { name: 'customers', program: customers, fetch: platform.fetchAs(SHOP) });
  const troubles = troublesOf(world, platform, poison);
  const accepted = await guest.run(({ playScenario }: typeof import('./programs/customers.ts')) =>
    playScenario(platform.services, troubles, atRest),
  );
  return outcomeOf(await collect(accepted));
}

/** Prints what came of the scenario in the simulation, as JSON. */
async function main(): Promise<void> {
  const programs = compileAll(await bundleAll());
  const world = new World({ seed: SEED, faults: NO_FAULTS });
  const played = play(world, programs);
  await world.scheduler.run(played);
  process.stdout.write(`${JSON.stringify(await played, undefined, 2)}\n`);
}

main().catch((error: Error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exit(1);
});
