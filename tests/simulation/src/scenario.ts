import type { Accepted } from '@orderly/support/accepted';
import type { Evidence } from '@orderly/support/evidence';
import { type Outcome, outcomeOf } from '@orderly/support/outcome';
import { findingsOf, verdictOn } from '@orderly/support/verdict';
import { deadLettersIn, evidenceOf, waitingIn } from './judge/evidence.ts';
import { bundleAll, compileAll, type Programs } from './programs.ts';
import { SHOP, TOPICS } from './simulation.ts';
import { NO_FAULTS } from './world/faults.ts';
import { Guest } from './world/guest.ts';
import { Platform } from './world/platform.ts';
import { Subscriber } from './world/subscriber.ts';
import { World } from './world/world.ts';

const SEED = 18;
const LOOK_EVERY_MS = 50;

/** Carries out the scenario of @orderly/support where nothing goes wrong. */
async function play(world: World, { stacks, present, customers }: Programs): Promise<Outcome> {
  const platform = await Platform.deploy(world, stacks, present);
  const { call } = platform;
  const subscriber = await Subscriber.open(world, call, { name: 'judge.fifo', topics: TOPICS });
  const collect = (accepted: Accepted): Promise<Evidence> =>
    evidenceOf({
      ...{ world, call, accepted, events: subscriber.events, garbage: subscriber.garbage },
      ...{ deadLetters: deadLettersIn(world), poison: [], returned: undefined },
    });
  const atRest = async (accepted: Accepted): Promise<void> => {
    while (waitingIn(world) > 0 || findingsOf(verdictOn(await collect(accepted))).length > 0)
      await world.scheduler.sleep(LOOK_EVERY_MS);
  };
  const guest = new Guest(world, { name: 'customers', program: customers, fetch: platform.fetchAs(SHOP) });
  const { playScenario } = guest.exports as typeof import('./programs/customers.ts');
  return outcomeOf(await collect(await playScenario(platform.services, atRest)));
}

/** Prints what came of the scenario in the simulation, as JSON. */
async function main(): Promise<void> {
  const programs = compileAll(await bundleAll());
  const world = new World({ seed: SEED, faults: NO_FAULTS });
  const played = play(world, programs);
  await world.scheduler.run(played);
  process.stdout.write(`${JSON.stringify(await played, undefined, 2)}\n`);
}

void main();
