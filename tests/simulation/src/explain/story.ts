import type { Line } from '../world/history.ts';
import { INCIDENT_KINDS } from '../world/incidents.ts';
import {
  describeAnswer,
  describeLog,
  describeResponse,
  describeWrite,
  hasLevels,
  idOfMessage,
  nameOfMessage,
  partsOfQueue,
} from './parse.ts';
import { type Entry, tableOf } from './table.ts';

/** A run of a function. */
interface Work {
  readonly entries: Entry[];
  /** Whether it has worked on what the story is about. */
  concerned: boolean;
}

/** An event on its way to those who get it. */
interface Publication {
  readonly entry: Entry;
  readonly name: string;
  readonly again: boolean;
  readonly consumers: Set<string>;
}

interface Write {
  readonly line: Line;
  readonly order: number;
  readonly mentions: boolean;
}

export interface StoryOptions {
  /** What the story is about: an order's id, mostly. Every line that holds it belongs to the story. */
  readonly about: string;
  /** What was found wrong: subscribers of other teams are in the story where this names them. */
  readonly findings?: readonly string[];
}

const LABEL = /[\w-]+ #\d+(?!\S)/;
const labelIn = (text: string): string => LABEL.exec(text)?.[0] ?? '';
const behind = (text: string, label: string): string => text.slice(label.length + 1);
/** `sim-order-events--inventory.fifo` is read by inventory. */
const reader = (queue: string): string => partsOfQueue(queue).consumer.replace(/\.fifo$/, '');

/** How many other items of a transaction are described. */
const OTHERS = 3;
/** What happened to the platform so long before, in microseconds, still matters. */
const BEFORE_US = 10 * 60e6;

/** Picks from a history what happened to one thing, and what went wrong with those who worked on it. */
export class Story {
  readonly #about: string;
  /** Not a part of a longer name: `r-1` is not in `r-12`. */
  readonly #whole: RegExp;
  readonly #findings: string;
  readonly #entries: Entry[] = [];
  readonly #incidents: Entry[] = [];
  readonly #running = new Map<string, Work>();
  /** Containers by the id of the request that they work on. */
  readonly #requests = new Map<string, string>();
  /** Names of the events about it, by the id of a message. */
  readonly #messages = new Map<string, string>();
  /** The last publication of each event, by its id. */
  readonly #publications = new Map<string, Publication>();
  readonly #published: Publication[] = [];
  readonly #services = new Set<string>();
  /** Whose call AWS serves in this step, and what it has written. */
  #served = { step: -1, label: '', writes: [] as Write[] };
  #lines = 0;

  constructor({ about, findings = [] }: StoryOptions) {
    this.#about = about;
    this.#whole = new RegExp(`(?<![\\w-])${about.replace(/[^\w\s-]/g, '\\$&')}(?![\\w-])`);
    this.#findings = findings.join('\n');
  }

  /** Takes the next line of the history. */
  take(line: Line): void {
    this.#lines++;
    if (line.step !== this.#served.step) this.#endStep(line.step);
    this.#kinds[line.kind]?.(line, line.text.includes(this.#about) && this.#whole.test(line.text));
  }

  /** All of it, in lines of text; none when nothing happened to it. */
  text(): readonly string[] {
    this.#endStep(-1);
    for (const { concerned, entries } of this.#running.values())
      if (concerned) this.#entries.push(...entries);
    for (const publication of this.#published) publication.entry.what = this.#describe(publication);
    const [first = 0, last = 0] = [Math.min, Math.max].map((of) => of(...this.#entries.map(({ at }) => at)));
    const around = this.#incidents.filter(({ at }) => at >= first - BEFORE_US && at <= last);
    const all = [...this.#entries, ...around].sort((one, other) => one.order - other.order);
    return this.#entries.length === 0 ? [] : tableOf(all, this.#about);
  }

  readonly #kinds: Readonly<Partial<Record<Line['kind'], (line: Line, mentions: boolean) => void>>> = {
    call: ({ text }) => {
      this.#served.label = labelIn(text);
    },
    invoke: (line) => {
      const label = labelIn(line.text);
      this.#services.add(label.replace(/-.*/, ''));
      this.#requests.set(behind(line.text, label), label);
      this.#running.set(label, { entries: [this.#entry(line, label, 'begins')], concerned: false });
    },
    event: ({ text }, mentions) => {
      const work = this.#running.get(labelIn(text));
      if (work && mentions) work.concerned = true;
    },
    answer: (line, mentions) => this.#answer(line, mentions),
    kill: (line) => {
      const label = labelIn(line.text);
      const what = `KILLED: ${behind(line.text, label)}`;
      this.#running.get(label)?.entries.push(this.#entry(line, label, what));
    },
    fault: (line) => this.#fault(line),
    incident: (line) => void this.#incidents.push(this.#entry(line, 'the platform', line.text)),
    log: (line, mentions) => {
      const [name = ''] = line.text.split(' ', 1);
      const { text, requestId } = describeLog(behind(line.text, name));
      const label = this.#requests.get(requestId) ?? name;
      if (mentions && text !== undefined) this.#tell(line, label, text);
    },
    write: (line, mentions) => void this.#served.writes.push({ line, mentions, order: this.#lines }),
    message: (line, mentions) => this.#message(line, mentions),
    mail: (line, mentions) => {
      const what = `SES takes the mail ${line.text.replace(/^<.*\.([\w-]+)@.*$/, '$1')}`;
      if (mentions) this.#tell(line, this.#served.label, what);
    },
    request: (line, mentions) => {
      const [method = '', url = '', status = '', ...body] = line.text.split(' ');
      const path = url.replace(/^https?:\/\/[^/]+/, '');
      const what = `${method} ${path}: ${describeResponse(status, body.join(' '))}`;
      if (mentions) this.#tell(line, 'a customer', what);
    },
  };

  #entry({ at, step }: Line, who: string, what: string, order = this.#lines): Entry {
    return { at, step, order, who, what };
  }

  /** Something has happened to it; if a function did it, that function works on it. */
  #tell(line: Line, label: string, what: string, order = this.#lines): Entry {
    const entry = this.#entry(line, label, what, order);
    const work = this.#running.get(label);
    if (work) work.concerned = true;
    (work?.entries ?? this.#entries).push(entry);
    return entry;
  }

  #answer(line: Line, mentions: boolean): void {
    const label = labelIn(line.text);
    const work = this.#running.get(label);
    if (work === undefined) return;
    this.#running.delete(label);
    const [requestId = ''] = behind(line.text, label).split(' ', 1);
    this.#requests.delete(requestId);
    const what = describeAnswer(behind(line.text, `${label} ${requestId}`), this.#messages);
    if (!work.entries.at(-1)?.what.startsWith('KILLED')) work.entries.push(this.#entry(line, label, what));
    if (work.concerned || mentions) this.#entries.push(...work.entries);
  }

  /** A fault belongs to the function that met it, and an incident to everybody. */
  #fault(line: Line): void {
    const incident = INCIDENT_KINDS.find((kind) => line.text.trim() === kind);
    if (incident)
      return void this.#incidents.push(this.#entry(line, 'the platform', `INCIDENT: ${incident}`));
    const label = labelIn(line.text) || this.#served.label;
    const what = `FAULT: ${line.text
      .replace(new RegExp(` (of|for) ${label}$`), '')
      .replace(label, '')
      .trim()}`;
    this.#running.get(label)?.entries.push(this.#entry(line, label, what));
  }

  #message(line: Line, mentions: boolean): void {
    const [what, queue = '', id = '', count = '', ...rest] = line.text.split(' ');
    const body = rest.join(' ');
    if (what === 'sent' && mentions) this.#messages.set(id, nameOfMessage(body));
    const name = this.#messages.get(id);
    if (name === undefined) return;
    const consumer = reader(queue);
    if (what === 'sent' && queue.includes('-dlq--'))
      this.#tell(line, this.#served.label, `${name} is put into the dead letters ${queue}`);
    else if (what === 'sent') this.#sent(line, name, consumer, idOfMessage(body));
    else if (what === 'received' && Number(count) > 1 && this.#isTold(consumer))
      this.#tell(line, consumer, `receives ${name} for the ${ordinal(Number(count))} time`);
    else if (what === 'dead-lettered') this.#tell(line, consumer, `${name} goes to the dead letters`);
  }

  #sent(line: Line, name: string, consumer: string, eventId: string): void {
    const last = this.#publications.get(eventId);
    if (last?.entry.who === this.#served.label && !last.consumers.has(consumer)) {
      last.consumers.add(consumer);
      return;
    }
    const entry = this.#tell(line, this.#served.label, '');
    const publication = { entry, name, again: last !== undefined, consumers: new Set([consumer]) };
    this.#publications.set(eventId, publication);
    this.#published.push(publication);
  }

  #describe({ name, again, consumers }: Publication): string {
    const told = [...consumers].filter((consumer) => this.#isTold(consumer));
    const others = consumers.size - told.length;
    const to = [...told, ...(others > 0 ? [`${others} of other teams`] : [])];
    return `publishes ${name}${again ? ' again' : ''}, to ${to.join(', ')}`;
  }

  #isTold(consumer: string): boolean {
    return this.#services.has(consumer) || this.#findings.includes(consumer);
  }

  /** Tells the writes of a step together: what one transaction wrote. */
  #endStep(next: number): void {
    const { label, writes } = this.#served;
    this.#served = { step: next, label: '', writes: [] };
    if (!writes.some(({ mentions }) => mentions)) return;
    const others = writes.filter(({ mentions, line }) => !mentions && hasLevels(line.text));
    const told = writes.filter(
      (write) => write.mentions || (others.length <= OTHERS && others.includes(write)),
    );
    for (const { line, order } of told) {
      const [table = ''] = line.text.split(' ', 1);
      this.#tell(line, label, `writes ${table}: ${describeWrite(behind(line.text, table))}`, order);
    }
    const [first] = writes;
    if (first && others.length > OTHERS)
      this.#tell(first.line, label, `writes ${others.length} products in the same step`, first.order);
  }
}

const ordinal = (count: number): string => `${count}${['th', 'st', 'nd', 'rd'][count < 4 ? count : 0]}`;
