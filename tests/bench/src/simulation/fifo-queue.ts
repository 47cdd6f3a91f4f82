import { Line } from './line.ts';

export interface Message<Body> {
  readonly group: number;
  readonly sentAt: number;
  readonly body: Body;
}

/** A FIFO queue: a group whose messages are at work gives none until they are deleted. */
export class FifoQueue<Body> {
  /** The waiting messages of each group that has any or is locked. */
  readonly #groups = new Map<number, Line<Message<Body>>>();
  /** Groups that are not locked and have something waiting. */
  readonly #ready = new Line<number>();
  readonly #locked = new Set<number>();
  #waiting = 0;

  get waiting(): number {
    return this.#waiting;
  }

  /** How long the first of the groups that are ready has waited; 0 when none is. */
  age(now: number): number {
    const group = this.#ready.first;
    const first = group === undefined ? undefined : this.#groups.get(group)?.first;
    return first === undefined ? 0 : now - first.sentAt;
  }

  send(message: Message<Body>): void {
    const { group } = message;
    const line = this.#groups.get(group) ?? new Line<Message<Body>>();
    this.#groups.set(group, line);
    if (line.length === 0 && !this.#locked.has(group)) this.#ready.push(group);
    line.push(message);
    this.#waiting += 1;
  }

  /** Takes up to `most` messages and locks their groups. */
  receive(most: number): readonly Message<Body>[] {
    const received: Message<Body>[] = [];
    while (received.length < most) {
      const group = this.#ready.take();
      if (group === undefined) break;
      this.#locked.add(group);
      received.push(...(this.#groups.get(group)?.takeUpTo(most - received.length) ?? []));
    }
    this.#waiting -= received.length;
    return received;
  }

  /** Deletes what was received; its groups go on. */
  delete(received: readonly Message<Body>[]): void {
    for (const group of new Set(received.map((message) => message.group))) {
      this.#locked.delete(group);
      if ((this.#groups.get(group)?.length ?? 0) > 0) this.#ready.push(group);
      else this.#groups.delete(group);
    }
  }
}
