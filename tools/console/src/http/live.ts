import type { ServerResponse } from 'node:http';
import type { LiveEvents } from '../api.ts';
import { Ring } from '../history/ring.ts';

/** A browser that reads more slowly than this is sent no more until it has caught up; then the newest of what it missed. */
const BUFFERED_BYTES = 1024 ** 2;
const MISSED_ITEMS = 5_000;

export interface LiveSources {
  pulse(): Promise<LiveEvents['pulse']>;
  /** Milliseconds from pulse to pulse. */
  readonly pulseMs: number;
  onEvents(listener: (items: LiveEvents['events']) => void): () => void;
  onLogs(listener: (items: LiveEvents['logs']) => void): () => void;
}

/**
 * Streams what is live to one page, as server-sent events: https://html.spec.whatwg.org/multipage/server-sent-events.html
 * @param wanted the names of the events to send
 */
export const streamLive = (
  response: ServerResponse,
  wanted: ReadonlySet<string>,
  sources: LiveSources,
): void => {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  const isBehind = (): boolean => response.writableLength > BUFFERED_BYTES;
  const send = <Name extends keyof LiveEvents>(name: Name, data: LiveEvents[Name]): void => {
    response.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
  };
  const pulse = (): void => {
    // One that fails is followed by another: the stage may be away for a while.
    void sources.pulse().then(
      (data) => isBehind() || send('pulse', data),
      () => undefined,
    );
  };
  const ends: (() => void)[] = [];
  if (wanted.has('pulse')) {
    pulse();
    const timer = setInterval(pulse, sources.pulseMs);
    ends.push(() => clearInterval(timer));
  }
  const collect = <Item>(keyOf: (item: Item) => string, sendAll: (items: readonly Item[]) => void) => {
    let unsent = new Ring<Item>(MISSED_ITEMS);
    const flush = (): void => {
      if (unsent.size === 0 || isBehind()) return;
      const items = [...unsent.values()];
      unsent = new Ring(MISSED_ITEMS);
      sendAll(items);
    };
    response.on('drain', flush);
    return (items: readonly Item[]): void => {
      for (const item of items) unsent.set(keyOf(item), item);
      flush();
    };
  };
  if (wanted.has('events')) {
    ends.push(
      sources.onEvents(
        collect(
          ({ id }) => id,
          (items) => send('events', items),
        ),
      ),
    );
  }
  if (wanted.has('logs')) {
    ends.push(
      sources.onLogs(
        collect(
          ({ seq }) => String(seq),
          (items) => send('logs', items),
        ),
      ),
    );
  }
  response.once('close', () => {
    for (const end of ends) end();
  });
};
