import fc from 'fast-check';
import type { Attempt } from '../src/domain/attempt.ts';
import { begin, type Delivery } from '../src/domain/delivery.ts';
import { disable, type Endpoint } from '../src/domain/endpoint.ts';
import { noWork, type Work } from '../src/domain/work.ts';
import { type Due, type Ports, type WorkerSettings, worker } from '../src/domain/worker.ts';
import { after, anEndpoint, answered, endpointId, noon, unanswered } from './builders.ts';

const settings: WorkerSettings = {
  delaySeconds: [5, 30, 120],
  disableAfterMs: 5 * 24 * 60 * 60 * 1000,
  invocationMs: 30_000,
  attemptMs: 10_000,
};

/** A world in memory, on a clock that only moves when something takes time. */
class World implements Ports {
  time = noon;
  endpoint: Endpoint | undefined = anEndpoint({ endpointId: endpointId() });
  work: Work = noWork;
  readonly deliveries = new Map<string, Delivery>();
  readonly pointers = new Map<string, Due>();
  readonly wakeUps: Date[] = [];
  /** The events of each request, in the order of their arrival. */
  readonly requests: string[] = [];
  atOnce = 0;
  mostAtOnce = 0;
  /** What the endpoint does with a request, and how long it takes. */
  answer: (eventId: string) => { readonly attempt: Attempt; readonly ms?: number } = () => ({
    attempt: answered(200),
  });
  /** Called before each call; throws where it fails. */
  fault: (call: string) => void = () => undefined;
  /** Awaited after a pass has looked for what is due for the last time. */
  meanwhile: () => Promise<void> = async () => undefined;
  #ids = 0;

  readonly id = this.endpoint?.endpointId ?? endpointId();

  now = () => this.time;
  random = () => 0;
  newId = () => String(this.#ids++);

  async findWork() {
    this.fault('findWork');
    return this.work;
  }

  async saveWork(_: string, work: Work) {
    this.fault('saveWork');
    if (work.version !== this.work.version + 1) return this.work;
    this.work = work;
    this.fault('answer of saveWork');
    return undefined;
  }

  async removeWork() {
    this.work = noWork;
  }

  async findEndpoint() {
    this.fault('findEndpoint');
    return this.endpoint;
  }

  async disable(_: string, reason: 'GONE' | 'FAILING', failingSince: string) {
    if (this.endpoint) this.endpoint = disable(this.endpoint, reason, failingSince, this.time).endpoint;
  }

  async dueAt(_: string, at: Date, limit: number) {
    this.fault('dueAt');
    return this.#sorted()
      .filter(({ dueAt }) => dueAt <= at.toISOString())
      .slice(0, limit);
  }

  async firstDue() {
    const [first] = this.#sorted();
    await this.meanwhile();
    return first;
  }

  async findDelivery(_: string, eventId: string) {
    return this.deliveries.get(eventId);
  }

  async saveDelivery(delivery: Delivery) {
    this.fault('saveDelivery');
    if (this.deliveries.get(delivery.eventId)?.version !== delivery.version - 1) return false;
    this.deliveries.set(delivery.eventId, delivery);
    this.fault('point');
    await this.point(delivery);
    return true;
  }

  async point({ endpointId, eventId, nextAttemptAt, status }: Delivery) {
    if (status !== 'PENDING' || nextAttemptAt === undefined) return;
    this.pointers.set(`${nextAttemptAt}#${eventId}`, { endpointId, eventId, dueAt: nextAttemptAt });
  }

  async removePointer({ dueAt, eventId }: Due) {
    this.fault('removePointer');
    this.pointers.delete(`${dueAt}#${eventId}`);
  }

  async wake(_: string, at = this.time) {
    this.fault('wake');
    this.wakeUps.push(at);
  }

  async attempt(_: Endpoint, { eventId }: Delivery) {
    this.fault('attempt');
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.atOnce);
    const { attempt, ms = 0 } = this.answer(eventId);
    // All that run at once take their time together.
    const ends = after(ms, this.time);
    await new Promise<void>((resolve) => setImmediate(resolve));
    this.atOnce--;
    if (ends > this.time) this.time = ends;
    this.requests.push(eventId);
    return attempt;
  }

  attempted() {}

  #sorted() {
    return [...this.pointers].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, due]) => due);
  }

  begin(...ids: readonly string[]) {
    for (const id of ids) {
      const delivery = begin(this.id, { id, type: 'orderly.order.placed.v1', body: '{}' }, this.time);
      this.deliveries.set(id, delivery);
      void this.point(delivery);
    }
  }

  /** One invocation. */
  invoke() {
    const began = this.time.getTime();
    return worker(this, settings)(this.id, () => began + settings.invocationMs - this.time.getTime());
  }

  /** Delivers the next wake-up, when it is due. A failed one comes again after the visibility timeout. */
  async next() {
    const [at] = this.wakeUps.sort((one, other) => one.getTime() - other.getTime()).splice(0, 1);
    if (at === undefined) return false;
    if (at > this.time) this.time = at;
    await this.invoke().catch(() => this.wakeUps.push(after(180_000, this.time)));
    return true;
  }

  statuses() {
    return [...this.deliveries.values()].map(({ status }) => status);
  }
}

const ids = (count: number) => Array.from({ length: count }, (_, i) => `event-${i}`);

describe('the work on an endpoint', () => {
  it('posts what is due, records it, and leaves nothing behind', async () => {
    const world = new World();
    world.begin(...ids(25));

    expect(await world.invoke()).toBe('done');

    expect(world.statuses()).toEqual(Array(25).fill('DELIVERED'));
    expect(world.pointers.size).toBe(0);
    expect(world.wakeUps).toEqual([]);
    expect(world.work).toEqual({ version: 2, failures: 0 });
    expect(world.mostAtOnce).toBe(10);
  });

  it('sets one timer for what is due later', async () => {
    const world = new World();
    world.begin('an-event');
    world.answer = () => ({ attempt: answered(500) });

    await world.invoke();
    await world.invoke();

    expect(world.wakeUps).toEqual([after(5_040), after(5_040)].slice(0, world.wakeUps.length));
    expect(world.wakeUps.length).toBeLessThanOrEqual(2);
    expect(world.requests).toEqual(['an-event']);
    expect(world.deliveries.get('an-event')).toMatchObject({ status: 'PENDING', failures: 1 });
  });

  it('lets a slow endpoint go after five seconds, and wakes it again for the rest', async () => {
    const world = new World();
    world.begin(...ids(100));
    world.answer = () => ({ attempt: answered(200), ms: 3_000 });

    await world.invoke();

    expect(world.requests.length).toBeGreaterThanOrEqual(20);
    expect(world.requests.length).toBeLessThanOrEqual(40);
    expect(world.time.getTime() - noon.getTime()).toBeLessThanOrEqual(10_000);
    expect(world.wakeUps).toEqual([world.time]);
    while (await world.next());
    expect(world.statuses()).toEqual(Array(100).fill('DELIVERED'));
  });

  it('rests with an endpoint that only fails, whatever is due', async () => {
    const world = new World();
    world.begin(...ids(500));
    world.answer = () => ({ attempt: unanswered });

    await world.invoke();

    expect(world.requests.length).toBeLessThan(20);
    expect(world.wakeUps).toEqual([new Date(world.work.restsUntil ?? '')]);
    await world.invoke();
    expect(world.requests.length).toBeLessThan(20);
  });

  it('leaves an endpoint to the one that works on it, who looks again', async () => {
    const world = new World();
    world.begin('first');
    let other: unknown;
    world.meanwhile = async () => {
      world.meanwhile = async () => undefined;
      world.begin('second');
      other = await world.invoke();
    };

    expect(await world.invoke()).toBe('done');

    expect(other).toBe('busy');
    expect(world.statuses()).toEqual(['DELIVERED', 'DELIVERED']);
    expect(world.requests).toEqual(['first', 'second']);
  });

  it('that somebody else was killed at goes on when the lease is over', async () => {
    const world = new World();
    world.begin('an-event');
    world.work = { version: 1, failures: 0, leaseId: 'killed', leaseEndsAt: after(31_000).toISOString() };

    expect(await world.invoke()).toBe('busy');
    expect(await world.invoke()).toBe('busy');

    expect(world.wakeUps).toEqual([after(31_000)]);
    while (await world.next());
    expect(world.statuses()).toEqual(['DELIVERED']);
  });

  it('ends with 410: the endpoint is disabled, and the rest waits', async () => {
    const world = new World();
    world.begin(...ids(50));
    world.answer = () => ({ attempt: answered(410) });

    await world.invoke();

    expect(world.endpoint).toMatchObject({ status: 'DISABLED', disabledReason: 'GONE' });
    expect(world.requests.length).toBeLessThanOrEqual(10);
    expect(world.pointers.size).toBe(50 - world.requests.length);
    await world.invoke();
    expect(world.requests.length).toBeLessThanOrEqual(10);
  });

  it('disables an endpoint that has failed for five days', async () => {
    const world = new World();
    world.answer = () => ({ attempt: answered(500) });
    for (let day = 0; day < 6; day++) {
      world.time = after(day * 24 * 60 * 60 * 1000);
      world.begin(`event-${day}`);
      await world.invoke();
    }

    expect(world.endpoint).toMatchObject({ status: 'DISABLED', disabledReason: 'FAILING' });
  });

  it('of an endpoint that was deleted forgets it', async () => {
    const world = new World();
    world.begin('an-event');
    world.endpoint = undefined;

    expect(await world.invoke()).toBe('removed');
    expect(world.requests).toEqual([]);
    expect(world.work).toEqual(noWork);
  });

  it('corrects a pointer that is wrong, and removes one of a delivery that is no more', async () => {
    const world = new World();
    world.begin('waits', 'gone');
    const waits = world.deliveries.get('waits');
    world.deliveries.delete('gone');
    world.deliveries.set('waits', { ...Object(waits), nextAttemptAt: after(60_000).toISOString() });

    await world.invoke();

    expect(world.requests).toEqual([]);
    expect([...world.pointers.values()]).toMatchObject([
      { eventId: 'waits', dueAt: after(60_000).toISOString() },
    ]);
    expect(world.wakeUps).toEqual([after(60_000)]);
  });

  it('gives the lease back when something fails', async () => {
    const world = new World();
    world.begin('an-event');
    world.fault = (call) => {
      if (call === 'attempt') throw new Error('no key');
    };

    await expect(world.invoke()).rejects.toThrow('no key');

    expect(world.work.leaseId).toBeUndefined();
    expect(world.pointers.size).toBe(1);
  });

  it('gives the lease back when something fails, also to those who asked meanwhile', async () => {
    const world = new World();
    world.begin('an-event');
    let other: unknown;
    world.meanwhile = async () => {
      world.meanwhile = async () => undefined;
      world.begin('another-event');
      other = await world.invoke();
      throw new Error('throttled');
    };

    await expect(world.invoke()).rejects.toThrow('throttled');

    expect(other).toBe('busy');
    expect(world.work.leaseId).toBeUndefined();
    // The one who asked has left a message for the end of the lease, too.
    expect(world.wakeUps).toEqual([after(31_000), noon]);
    expect(await world.next()).toBe(true);
    expect(world.statuses()).toEqual(['DELIVERED', 'DELIVERED']);
  });

  it.each([
    ['was carried out', 'answer of saveWork'],
    ['was not carried out', 'saveWork'],
  ])('holds no lease after a claim that failed and %s', async (_, where) => {
    const world = new World();
    world.begin('an-event');
    let failures = 1;
    world.fault = (call) => {
      if (call === where && failures-- > 0) throw new Error('timed out');
    };

    await expect(world.invoke()).rejects.toThrow('timed out');

    expect(world.work.leaseId).toBeUndefined();
    expect(await world.invoke()).toBe('done');
    expect(world.statuses()).toEqual(['DELIVERED']);
  });

  it('leaves the lease of another one alone when its own claim fails', async () => {
    const world = new World();
    world.begin('an-event');
    const held = { version: 1, failures: 0, leaseId: 'another', leaseEndsAt: after(31_000).toISOString() };
    world.fault = (call) => {
      if (call !== 'saveWork') return;
      world.fault = () => undefined;
      world.work = held;
      throw new Error('timed out');
    };

    await expect(world.invoke()).rejects.toThrow('timed out');

    expect(world.work).toEqual(held);
  });

  it('goes on when the answer to its claim was lost and somebody has asked since', async () => {
    const world = new World();
    world.begin('an-event');
    const saveWork = world.saveWork.bind(world);
    world.saveWork = async (id, work) => {
      world.saveWork = saveWork;
      await saveWork(id, work);
      expect(await world.invoke()).toBe('busy');
      return world.work;
    };

    expect(await world.invoke()).toBe('done');

    expect(world.statuses()).toEqual(['DELIVERED']);
    expect(world.work.leaseId).toBeUndefined();
  });
});

it('Whatever fails or is killed, every delivery ends, and what is DELIVERED has arrived', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom(200, 500, 301, 0), { minLength: 1, maxLength: 40 }),
      fc.infiniteStream(fc.integer({ min: 0, max: 19 })),
      fc.integer({ min: 0, max: 60 }),
      async (answers, luck, faults) => {
        const world = new World();
        let [asked, faultsLeft] = [0, faults];
        world.answer = () => {
          const status = answers[asked++ % answers.length] ?? 0;
          return { attempt: status === 0 ? unanswered : answered(status), ms: status };
        };
        world.fault = (call) => {
          if (faultsLeft === 0 || luck.next().value !== 0) return;
          faultsLeft--;
          throw new Error(call);
        };
        world.begin(...ids(30));
        world.wakeUps.push(noon);
        let turns = 0;
        while ((await world.next()) && turns < 2_000) turns++;

        expect(turns).toBeLessThan(2_000);
        expect(world.statuses()).not.toContain('PENDING');
        expect(world.pointers.size).toBe(0);
        for (const { eventId, status } of world.deliveries.values()) {
          if (status === 'DELIVERED') expect(world.requests).toContain(eventId);
        }
      },
    ),
    { numRuns: 50 },
  );
});
