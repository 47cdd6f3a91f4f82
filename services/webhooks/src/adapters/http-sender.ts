import * as http from 'node:http';
import * as https from 'node:https';
import type { LookupFunction } from 'node:net';
import type { AddressRules } from '../domain/address.ts';
import type { Attempt } from '../domain/attempt.ts';
import { readEndpointUrl } from '../domain/endpoint-url.ts';
import { type LookupAll, resolveHost } from './resolve-host.ts';

/** A request to an endpoint, which is always a POST. */
export interface Outgoing {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Never throws. */
export type Send = (request: Outgoing, options?: { readonly timeoutMs?: number }) => Promise<Attempt>;

interface SenderOptions {
  readonly rules: AddressRules;
  readonly lookup?: LookupAll;
  /** For all of an attempt: lookup, handshake, request and the answer's first kilobyte. 10,000 by default. */
  readonly timeoutMs?: number;
}

type WithoutDuration<T> = T extends unknown ? Omit<T, 'durationMs'> : never;
type Result = WithoutDuration<Attempt>;

const answerBytes = 1_024;
const maxRetryAfterSeconds = 3_600;
/** Servers send one or two: 100, 102 or 103. */
const maxInterimAnswers = 10;

/**
 * Sends requests to endpoints on the public internet only: the addresses of the host are looked up once, checked, and no
 * other is connected to. Redirects are not followed, each attempt has a connection of its own, and no proxy is used.
 */
export function httpSender({ rules, lookup, timeoutMs = 10_000 }: SenderOptions): Send {
  return async (outgoing, options = {}) => {
    const began = performance.now();
    const result = await inTime(options.timeoutMs ?? timeoutMs, (signal) =>
      attempt(outgoing, rules, lookup, signal),
    );
    return { ...result, durationMs: Math.round(performance.now() - began) };
  };
}

/** Whatever is still open when there is a result ends with the signal. */
async function inTime(limitMs: number, work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const ending = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Result>((resolve) => {
    timer = setTimeout(() => resolve(unanswered(`No complete answer within ${limitMs / 1_000} s`)), limitMs);
  });
  try {
    return await Promise.race([work(ending.signal), late]);
  } finally {
    clearTimeout(timer);
    ending.abort();
  }
}

async function attempt(
  outgoing: Outgoing,
  rules: AddressRules,
  lookup: LookupAll | undefined,
  signal: AbortSignal,
): Promise<Result> {
  const endpoint = readEndpointUrl(outgoing.url, rules);
  if (endpoint.outcome === 'refused') return unanswered(endpoint.reason);
  const { url } = endpoint;
  const host = await resolveHost(url.hostname, rules, lookup);
  if (host.outcome !== 'resolved') return unanswered(host.reason);
  try {
    signal.throwIfAborted();
    return await post(url, outgoing, { signal, lookup: pinned(host.addresses) });
  } catch (error) {
    return unanswered(reasonOf(error, url.hostname));
  }
}

const unanswered = (reason: string): Result => ({ outcome: 'unanswered', reason });

/** Node asks for all addresses because of `autoSelectFamily`, and asks nothing for a host that is an address. */
const pinned =
  (addresses: Awaited<ReturnType<LookupAll>>): LookupFunction =>
  (_hostname, _options, callback) =>
    callback(null, [...addresses]);

interface Connection {
  readonly signal: AbortSignal;
  readonly lookup: LookupFunction;
}

function post(url: URL, { headers, body }: Outgoing, connection: Connection): Promise<Result> {
  const { request } = url.protocol === 'https:' ? https : http;
  const options = {
    ...connection,
    method: 'POST',
    headers: { 'accept-encoding': 'identity', ...headers },
    // Neither a connection of another attempt nor the environment's proxy.
    agent: false,
    autoSelectFamily: true,
    // Node's 250 ms give up addresses on the other side of the world.
    autoSelectFamilyAttemptTimeout: 1_000,
    // Whatever NODE_TLS_REJECT_UNAUTHORIZED and --insecure-http-parser say.
    rejectUnauthorized: true,
    insecureHTTPParser: false,
  };
  return new Promise((resolve, reject) => {
    const sent = request(url, options);
    let interimAnswers = 0;
    sent.on('information', () => {
      if (++interimAnswers > maxInterimAnswers) reject(failure('HPE_INTERIM'));
    });
    sent.on('response', (response) => read(response).then(resolve, reject));
    sent.on('error', reject);
    // Also without an error, e.g. after 101.
    sent.on('close', () => reject(failure('ECONNRESET')));
    sent.end(body);
  });
}

const failure = (code: string) => Object.assign(new Error(code), { code });

async function read(response: http.IncomingMessage): Promise<Result> {
  const { statusCode: status = 0, headers } = response;
  const answer = await firstKilobyte(response);
  const retryAfterSeconds = retryAfter(headers['retry-after']);
  return {
    outcome: 'answered',
    status,
    answer: isCompressed(headers) ? '' : answer,
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  };
}

async function firstKilobyte(response: http.IncomingMessage): Promise<string> {
  let bytes = Buffer.alloc(0);
  for await (const chunk of response) {
    bytes = Buffer.concat([bytes, chunk]);
    if (bytes.length >= answerBytes) break;
  }
  // As a stream, which leaves out a character that the cut splits.
  return new TextDecoder().decode(bytes.subarray(0, answerBytes), { stream: true });
}

function isCompressed({ 'content-encoding': encoding = 'identity' }: http.IncomingHttpHeaders): boolean {
  return encoding.toLowerCase() !== 'identity';
}

/** Seconds or a date: RFC 9110, section 10.2.3. */
function retryAfter(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const seconds = /^\d+$/.test(text) ? Number(text) : (dateIn(text) - Date.now()) / 1_000;
  if (Number.isNaN(seconds)) return undefined;
  return Math.min(Math.max(Math.ceil(seconds), 0), maxRetryAfterSeconds);
}

/** `Sun, 06 Nov 1994 08:49:37 GMT`; NaN for anything else: `Date.parse` takes much for a date. */
const dateIn = (text: string): number =>
  /^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/.test(text) ? Date.parse(text) : Number.NaN;

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'The connection was refused',
  ECONNRESET: 'The connection was closed before the answer was complete',
  EPIPE: 'The connection was closed before the answer was complete',
  CERT_HAS_EXPIRED: 'The certificate has expired',
  CERT_NOT_YET_VALID: 'The certificate is not valid yet',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'The certificate is signed by itself',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'The certificate is signed by an unknown authority, or lacks the intermediate one',
  HPE_HEADER_OVERFLOW: 'The headers of the answer are too large',
};

/** OpenSSL's names: https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const certificateError = /^(CERT|UNABLE_TO|SELF_SIGNED|INVALID_|HOSTNAME_|ERROR_IN_CERT|PATH_LENGTH)/;

function reasonOf(error: unknown, hostname: string): string {
  const { code = '' } = error as NodeJS.ErrnoException;
  const known = reasons[code];
  if (known !== undefined) return known;
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return `The certificate is not for ${hostname}`;
  if (certificateError.test(code)) return 'The certificate is not trusted';
  if (code === 'EPROTO' || /^ERR_(SSL|TLS)_/.test(code)) return 'The TLS handshake failed';
  if (code.startsWith('HPE_')) return 'The answer is not valid HTTP';
  if (/^E(TIMEDOUT|(HOST|NET)(UNREACH|DOWN)|ADDRNOTAVAIL)$/.test(code)) return 'The host cannot be reached';
  return 'The request failed';
}
