import type { GroupedPoison } from '@orderly/support/poison';
import type { Watch } from '../judge/watch.ts';
import type { Program } from '../sandbox/sandbox.ts';
import type { Operator } from './operator.ts';
import type { Platform } from './platform.ts';
import { STAGE } from './stack.ts';
import type { Subscriber } from './subscriber.ts';
import type { World } from './world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Whom and what incidents happen to. */
export interface Scene {
  readonly world: World;
  readonly platform: Platform;
  readonly operator: Operator;
  /** Another team's subscriber that may be away. */
  readonly away: Subscriber | undefined;
  /** One whose queue fails for a while. */
  readonly failing: Subscriber | undefined;
  readonly watch: Pick<Watch, 'late' | 'renewed'>;
  /** One whose queues are deleted and made again. */
  readonly returning: Subscriber | undefined;
  /** Messages that no service can process, in groups of their own for each run. */
  readonly poison: (run: string) => readonly GroupedPoison[];
  /** The functions as they are, and as in the next release. */
  readonly releases: {
    readonly present: ReadonlyMap<string, Program>;
    readonly next: ReadonlyMap<string, Program>;
  };
}

/** Sends it as a broken publisher would. */
export async function sendPoison(
  { world, platform }: Pick<Scene, 'world' | 'platform'>,
  poison: readonly GroupedPoison[],
): Promise<void> {
  for (const { subscription, body, group } of poison)
    await platform.call('sqs', 'SendMessage', {
      QueueUrl: platform.urlOf(`${STAGE}-${subscription}.fifo`),
      MessageBody: body,
      MessageGroupId: group ?? world.dice.uuid(),
      MessageDeduplicationId: world.dice.uuid(),
    });
}

/** A publisher finds a queue that is there again a minute later, or two when a look-up fails. */
const DISCOVERY_MS = 3 * MINUTE;

/** What happens to the platform as a whole: each kind at most once at a time. */
export class Incidents {
  /** What was sent so far. */
  readonly poison: GroupedPoison[] = [];
  /** Since when the subscriber whose queues were deleted has to get everything again. */
  returnedFrom: string | undefined;
  readonly #scene: Scene;
  readonly #happening = new Set<Promise<void>>();
  /** Services that are away, or change right now: one thing at a time happens to a service. */
  readonly #busy = new Set<string>();

  constructor(scene: Scene) {
    this.#scene = scene;
  }

  /** Begins an incident. */
  begin(kind: IncidentKind): void {
    const { world } = this.#scene;
    world.fault(kind, '');
    const happening: Promise<void> = this.#kinds[kind]()
      .then(() => world.history.add('incident', `${kind} is over`))
      .finally(() => this.#happening.delete(happening));
    this.#happening.add(happening);
  }

  /** Resolves when all that has begun is over. @throws what went wrong meanwhile */
  async over(): Promise<void> {
    while (this.#happening.size > 0) await Promise.all(this.#happening);
  }

  readonly #kinds = {
    'a service is away': () => this.#withService((service) => this.#outage(service, this.#long())),
    'a service is started again, and repeats what it did last': () =>
      this.#withService(async (service) => {
        await this.#scene.platform.takeAway(service);
        this.#scene.platform.loseCheckpoints(service);
        await this.#scene.platform.bringBack(service);
      }),
    'a publisher is cut off while it sends, for longer than queues remember': () =>
      this.#withService(async (service) => {
        this.#scene.world.killOnSend = `${service}-${STAGE}-publish-events`;
        await this.#sleep(5_000);
        this.#scene.world.killOnSend = undefined;
        await this.#outage(service, this.#scene.world.dice.int(6, 12) * MINUTE);
      }),
    'a stream is not read for longer than an iterator lives': () =>
      this.#withService(async (service) => {
        this.#scene.platform.blockStream(service, true);
        await this.#sleep(this.#scene.world.dice.int(16, 40) * MINUTE);
        this.#scene.platform.blockStream(service, false);
      }),
    'shards split': async () => {
      const { world, platform } = this.#scene;
      for (const service of platform.services) world.dynamodb.splitShard(`${STAGE}-${service}`);
    },
    'another team is away': async () => {
      const { away } = this.#scene;
      away?.stop();
      await this.#sleep(this.#long());
      away?.read();
    },
    'another team deletes its queues and makes them again': async () => {
      const { returning, watch, world } = this.#scene;
      await returning?.deleteQueues();
      await this.#sleep(61_000 + world.dice.int(0, 5) * MINUTE);
      await returning?.create();
      returning?.read();
      this.returnedFrom = new Date(world.scheduler.now() + DISCOVERY_MS).toISOString();
      for (const url of returning?.urls ?? []) watch.renewed(url.split('/').at(-1) ?? '', this.returnedFrom);
      await this.#sleep(DISCOVERY_MS);
    },
    "another team's queue takes nothing": () => this.#failingQueue(),
    poison: async () => {
      const sent = ['r1', 'r2', 'r3'].flatMap(this.#scene.poison);
      this.poison.push(...sent);
      await sendPoison(this.#scene, sent);
    },
    'a release, and back': async () => {
      const { platform, releases, world } = this.#scene;
      for (const service of platform.services) {
        platform.release(service, releases.next);
        await this.#sleep(world.dice.int(0, 30_000));
      }
      await this.#sleep(world.dice.int(0, 5) * MINUTE);
      for (const service of platform.services) platform.release(service, releases.present);
    },
    'SES takes no mail': async () => {
      const { world } = this.#scene;
      // Each minute costs thousands of attempts; after ten, mails are dead-lettered.
      const ms = world.dice.pick([1, 2, 3, 10]) * MINUTE;
      world.mail.awayUntil = world.scheduler.now() + ms;
      await this.#sleep(ms);
    },
    'somebody redrives too early': async () => {
      // Whatever it is that they see, while things still break.
      await this.#scene.operator.orderly('dlq', 'redrive', '--all');
    },
  } satisfies Readonly<Record<string, () => Promise<void>>>;

  #sleep(ms: number): Promise<void> {
    return this.#scene.world.scheduler.sleep(ms);
  }

  #long(): number {
    return this.#scene.world.dice.pick([1 * MINUTE, 10 * MINUTE, 2 * HOUR, 6 * HOUR]);
  }

  async #outage(service: string, ms: number): Promise<void> {
    const { platform } = this.#scene;
    await platform.takeAway(service);
    await this.#sleep(ms);
    await platform.bringBack(service);
  }

  /** For the other subscribers nothing changes, but for the first minute: so long a publisher tries. */
  async #failingQueue(): Promise<void> {
    const { world, failing, watch } = this.#scene;
    const service = 'orders';
    if (this.#busy.has(service)) return;
    this.#busy.add(service);
    const began = world.scheduler.micros;
    for (const url of failing?.urls ?? []) world.failing.add(url);
    for (let minutes = world.dice.int(10, 30); minutes > 0; minutes--) {
      await this.#sleep(MINUTE);
      // A container does not know for how long the queue had failed before, and what was held may still be on its way.
      const freshAt = world.freshAt.get(`${service}-${STAGE}-publish-events`) ?? 0;
      if (world.scheduler.micros - Math.max(freshAt, began) > 4 * MINUTE * 1000)
        watch.late(service, 4 * MINUTE);
    }
    world.failing.clear();
    this.#busy.delete(service);
  }

  /** Does it to a service to which nothing else happens; to none if there is no such service. */
  async #withService(work: (service: string) => Promise<void>): Promise<void> {
    const { platform, world } = this.#scene;
    const free = platform.services.filter((service) => !this.#busy.has(service));
    if (free.length === 0) return;
    const service = world.dice.pick(free);
    this.#busy.add(service);
    await work(service);
    this.#busy.delete(service);
  }
}

export const INCIDENT_KINDS = [
  'a service is away',
  'a service is started again, and repeats what it did last',
  'a publisher is cut off while it sends, for longer than queues remember',
  'a stream is not read for longer than an iterator lives',
  'shards split',
  'another team is away',
  'another team deletes its queues and makes them again',
  "another team's queue takes nothing",
  'poison',
  'a release, and back',
  'SES takes no mail',
  'somebody redrives too early',
] as const;
export type IncidentKind = (typeof INCIDENT_KINDS)[number];
