import type { ServerResponse } from 'node:http';
import type { LiveEvents } from '../api.ts';

/** A browser that reads more slowly than this is sent no more until it has caught up. */
const BUFFERED_BYTES = 1024 ** 2;

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
  const send = <Name extends keyof LiveEvents>(name: Name, data: LiveEvents[Name]): void => {
    if (response.writableLength > BUFFERED_BYTES) return;
    response.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
  };
  const pulse = (): void => {
    // One that fails is followed by another: the stage may be away for a while.
    void sources.pulse().then(
      (data) => send('pulse', data),
      () => undefined,
    );
  };
  const ends: (() => void)[] = [];
  if (wanted.has('pulse')) {
    pulse();
    const timer = setInterval(pulse, sources.pulseMs);
    ends.push(() => clearInterval(timer));
  }
  if (wanted.has('events')) ends.push(sources.onEvents((items) => send('events', items)));
  if (wanted.has('logs')) ends.push(sources.onLogs((items) => send('logs', items)));
  response.once('close', () => {
    for (const end of ends) end();
  });
};
