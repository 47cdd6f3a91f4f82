import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Refusal } from './problem.ts';

/**
 * What keeps other web pages out. A page of another origin cannot read answers, because there are no CORS headers, nor
 * act, because it does not know the token. Host is checked against DNS rebinding, where the browser takes another name's
 * page for one of ours: https://owasp.org/www-community/attacks/DNS_Rebinding
 */
export class Guard {
  readonly token = randomBytes(32).toString('base64url');
  readonly #hosts: readonly string[];

  constructor(port: number) {
    this.#hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  }

  /** @throws Refusal 403 */
  check({ headers, method }: IncomingMessage): void {
    if (!this.#hosts.includes(headers.host ?? ''))
      throw refused('the Host header is not that of the console');
    const { origin } = headers;
    if (origin !== undefined && !this.#hosts.some((host) => origin === `http://${host}`)) {
      throw refused(`pages of ${JSON.stringify(origin)} have no access`);
    }
    // Browsers say where a request comes from (https://www.w3.org/TR/fetch-metadata/): links into the page are fine.
    const site = headers['sec-fetch-site'] ?? 'none';
    const navigation = headers['sec-fetch-mode'] === 'navigate' && method === 'GET';
    if (site !== 'same-origin' && site !== 'none' && !navigation) throw refused(`the request is ${site}`);
  }

  /** @throws Refusal 403 unless the request is one of our page's */
  checkToken({ headers }: IncomingMessage): void {
    const given = Buffer.from(String(headers['x-orderly-token'] ?? ''));
    const wanted = Buffer.from(this.token);
    if (given.length === wanted.length && timingSafeEqual(given, wanted)) return;
    throw refused('the token is missing or of another start; reload the page');
  }
}

const refused = (why: string): Refusal => new Refusal(403, 'Refused', `Refused: ${why}.`);

/** Nothing from outside, no script or style that is written into the page, no frame around it. */
export const pageHeaders = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};
