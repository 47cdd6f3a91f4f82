import { batch, effect, signal } from '@preact/signals';
import type { About, EventEntry, LiveEvents, Pulse } from '../src/api.ts';
import { get } from './client.ts';
import { Recent } from './model/recent.ts';

export const about = signal<About | null>(null);
export const pulse = signal<Pulse | null>(null);
/** What fails on purpose, and the time by the server's clock: shown while paused, too. */
export const faults = signal<Pick<Pulse, 'at' | 'faults'>>({ at: 0, faults: [] });
/** Whether the server is heard; the page says so quietly when not. */
export const connection = signal<'connecting' | 'open' | 'lost'>('connecting');
/** When the person stopped the drawing; 0 while it goes on. */
export const pausedAt = signal(0);
/** Counts up with each change of `recentEvents`. */
export const eventsVersion = signal(0);
/** Events that came while paused. */
export const heldEvents = signal(0);

export const EVENT_CAPACITY = 5000;
export const recentEvents = new Recent<EventEntry>(EVENT_CAPACITY, (entry) => entry.id);

/** Views that show the event log. */
const eventViewers = signal(0);
let held = new Recent<EventEntry>(EVENT_CAPACITY, (entry) => entry.id);

/** Receives events until the returned function is called. */
export const watchEvents = (): (() => void) => {
  eventViewers.value += 1;
  return () => {
    eventViewers.value -= 1;
  };
};

/** A minute of what the pulse does not keep, one value a second, by name. */
export const history = new Map<string, (number | null)[]>();
const HISTORY = 120;

const remember = (name: string, value: number | null): void => {
  const values = history.get(name) ?? [];
  values.push(value);
  if (values.length > HISTORY) values.shift();
  history.set(name, values);
};

const receivePulse = (next: Pulse): void => {
  remember('p50', next.rates.confirmed?.p50 ?? null);
  remember('p95', next.rates.confirmed?.p95 ?? null);
  let dead = 0;
  for (const queue of next.queues) {
    remember(`waiting ${queue.name}`, queue.waiting);
    remember(`inFlight ${queue.name}`, queue.inFlight);
    if (queue.kind === 'dead-letters') dead += queue.waiting;
  }
  remember('dead', dead);
  if (next.faults.length > 0 || faults.peek().faults.length > 0) faults.value = next;
  if (!pausedAt.peek()) pulse.value = next;
};

/** What comes while the events of before are loaded. */
let meanwhile: EventEntry[] | undefined;

const receiveEvents = (news: readonly EventEntry[]): void => {
  meanwhile?.push(...news);
  if (pausedAt.peek()) {
    held.add(news);
    heldEvents.value = held.all().length;
    return;
  }
  recentEvents.add(news);
  showEventsSoon();
};

/** Nobody reads faster: at a high rate the log is drawn twice a second. */
const DRAW_MS = 500;
let drawnAt = 0;
let drawing = false;

const showEventsSoon = (): void => {
  if (drawing) return;
  drawing = true;
  setTimeout(
    () => {
      drawing = false;
      drawnAt = Date.now();
      if (!pausedAt.peek()) eventsVersion.value += 1;
    },
    Math.max(0, drawnAt + DRAW_MS - Date.now()),
  );
};

const PAST_EVENTS = 1000;

/** The stream has what changes from now on: what was before, or was missed while it was closed, is loaded. */
const loadPastEvents = async (): Promise<void> => {
  const news: EventEntry[] = [];
  meanwhile = news;
  try {
    const past = await get<readonly EventEntry[]>(`/api/events?limit=${PAST_EVENTS}`);
    if (meanwhile !== news) return;
    const ids = new Set(past.map(({ id }) => id));
    const others = recentEvents.all().filter(({ id }) => !ids.has(id));
    recentEvents.replace([...past, ...others].toSorted((a, b) => a.at - b.at));
    recentEvents.add(news);
    eventsVersion.value += 1;
  } catch {
    // What comes from now on is shown; the next connection tries again.
  } finally {
    if (meanwhile === news) meanwhile = undefined;
  }
};

export const togglePause = (): void =>
  batch(() => {
    if (!pausedAt.value) {
      pausedAt.value = Date.now();
      return;
    }
    pausedAt.value = 0;
    recentEvents.add(held.all());
    held = new Recent(EVENT_CAPACITY, (entry) => entry.id);
    heldEvents.value = 0;
    eventsVersion.value += 1;
  });

let source: EventSource | undefined;
let opened = '';

const listen = <Name extends keyof LiveEvents>(
  from: EventSource,
  name: Name,
  receive: (value: LiveEvents[Name]) => void,
): void => {
  from.addEventListener(name, (event) => receive(JSON.parse((event as MessageEvent<string>).data)));
};

const open = (path: string): void => {
  if (path === opened) return;
  source?.close();
  opened = path;
  source = undefined;
  if (!path) return;
  const next = new EventSource(path);
  source = next;
  listen(next, 'pulse', receivePulse);
  listen(next, 'events', receiveEvents);
  next.onopen = () => {
    connection.value = 'open';
    if (path.includes('&events') && !pausedAt.peek()) void loadPastEvents();
    void loadAbout();
  };
  next.onerror = () => {
    connection.value = 'lost';
    // The browser tries again by itself, except after an answer that is no event stream.
    if (next.readyState === EventSource.CLOSED && source === next) {
      opened = '';
      setTimeout(() => source === next && connect(), 2000);
    }
  };
};

const connect = (): void => {
  const hidden = document.visibilityState === 'hidden';
  open(hidden ? '' : `/api/live?pulse${eventViewers.value > 0 ? '&events' : ''}`);
};

const loadAbout = async (): Promise<void> => {
  try {
    const next = await get<About>('/api/about');
    // Another process answers, which has another token: what the page shows stands in its address.
    if (about.peek() && about.peek()?.startedAt !== next.startedAt) location.reload();
    about.value = next;
  } catch {
    // It is asked again when the event source opens.
  }
};

/** Connects while the page is visible: a hidden page costs the platform nothing. */
export const startLive = (): void => {
  effect(connect);
  document.addEventListener('visibilitychange', connect);
};
