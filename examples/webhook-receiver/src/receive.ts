import type { RequestListener } from 'node:http';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';

/** A CloudEvent, as far as this program reads it. */
export interface ReceivedEvent {
  readonly id: string;
  readonly type: string;
  readonly subject: string;
  readonly sequence: number;
}

/**
 * Hands each event on once, after its signature was verified, and answers after that: what was answered with 2xx does not come
 * again. The sender waits ten seconds, so whatever takes longer is only stored here.
 *
 * @param secret `whsec_...`, as the registration of the endpoint has answered it
 */
export function receive(secret: string, handle: (event: ReceivedEvent) => void): RequestListener {
  const webhook = new Webhook(secret);
  // In memory, for this example. A real receiver writes the id together with what the event changes.
  const seen = new Set<string>();

  return async (request, answer) => {
    let event: ReceivedEvent;
    try {
      event = webhook.verify(await text(request), request.headers as Record<string, string>) as ReceivedEvent;
    } catch {
      answer.writeHead(400).end('The signature is not valid');
      return;
    }
    // An event comes at least once: after an answer that was lost it comes again, with the same id.
    if (!seen.has(event.id)) {
      handle(event);
      seen.add(event.id);
    }
    answer.writeHead(204).end();
  };
}
