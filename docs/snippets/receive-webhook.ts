import { Webhook } from 'standardwebhooks';

/** Throws for a forged or old request. `body` is the text of the request, before it is parsed. */
export function readEvent(secret: string, body: string, headers: Record<string, string>) {
  return new Webhook(secret).verify(body, headers);
}
