import { styleText } from 'node:util';
import { readableStack } from './readable-stack.ts';

/** What `npm start` prints: for people, or each line as JSON. */
export interface Terminal {
  /** A step of the start that is done, `seconds` after it began. */
  step(step: string, seconds: number): void;
  /** A text of our own. */
  text(line: string): void;
  /** A line that a service printed, which is no span. */
  line(service: string, line: string): void;
  span(span: ShownSpan): void;
}

/** The parts of a span that are shown. */
export interface ShownSpan {
  readonly service: string;
  readonly name: string;
  readonly kind: string;
  readonly startTime: number;
  readonly duration: number;
  readonly outcome: 'ok' | 'error';
  readonly error?: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

export interface TerminalOptions {
  readonly write: (line: string) => void;
  /** Each line as JSON, for programs. */
  readonly json: boolean;
  readonly colours: boolean;
  /** For the colours and the width of their names. */
  readonly services: readonly string[];
}

const COLOURS = ['cyan', 'magenta', 'yellow', 'green', 'blue'] as const;

/** What serverless-offline says at every start and invocation, and the platform says better. */
const NOISE = [
  /^\s*$/,
  /^\(λ: \S+\) RequestId: /,
  /^\w+ \S+ \(λ: \S+\)$/,
  /^\s*[│┌└]/,
  /^Starting Offline at stage /,
  /^Offline \[http for lambda\] listening/,
  /^Function names exposed for local invocation/,
  /^ {3}\* \S+: \S+$/,
  /^Server ready: /,
  // Metrics are for CloudWatch; see the embedded metric format.
  /^\{"_aws":/,
  /^\{"type":"metrics",/,
];

export const isNoise = (line: string): boolean => NOISE.some((pattern) => pattern.test(line));

/** @param env `NO_COLOR` (https://no-color.org) wins over `FORCE_COLOR`, and that over the terminal */
export const useColours = (
  { NO_COLOR, FORCE_COLOR }: Readonly<Record<string, string | undefined>>,
  isTerminal: boolean,
): boolean => !NO_COLOR && (Boolean(FORCE_COLOR) || isTerminal);

export const createTerminal = (options: TerminalOptions): Terminal =>
  options.json ? new JsonTerminal(options.write) : new HumanTerminal(options);

class JsonTerminal implements Terminal {
  readonly #write: (line: string) => void;

  constructor(write: (line: string) => void) {
    this.#write = write;
  }

  step(step: string, seconds: number): void {
    this.#say(step, { seconds: Number(seconds.toFixed(1)) });
  }

  text(line: string): void {
    if (line !== '') this.#say(line.trim());
  }

  line(service: string, line: string): void {
    this.#write(line.startsWith('{') ? line : JSON.stringify({ level: 'INFO', service, message: line }));
  }

  span(span: ShownSpan): void {
    this.#write(JSON.stringify({ level: 'INFO', type: 'span', ...span }));
  }

  #say(message: string, more: object = {}): void {
    this.#write(JSON.stringify({ level: 'INFO', service: 'orderly', message, ...more }));
  }
}

type Colour = Parameters<typeof styleText>[0];

/** The keys of a log line that say nothing to people who see the line in its place. */
const MACHINE_KEYS = /^(level|message|timestamp|service|error|type|status_code)$|_id$/;

class HumanTerminal implements Terminal {
  readonly #options: TerminalOptions;
  readonly #width: number;

  constructor(options: TerminalOptions) {
    this.#options = options;
    this.#width = Math.max(...options.services.map(({ length }) => length));
  }

  step(step: string, seconds: number): void {
    this.text(`${seconds.toFixed(1).padStart(5)} s  ${step}`);
  }

  text(line: string): void {
    this.#options.write(line);
  }

  line(service: string, line: string): void {
    const entry = readObject(line);
    if (entry === undefined) {
      this.#print(Date.now(), service, line);
      return;
    }
    const { level, message, timestamp, error, order_id: order } = entry;
    // Spans show what has happened; what is left is for debugging.
    if (level === 'DEBUG' || level === 'INFO') return;
    const at = typeof timestamp === 'string' ? Date.parse(timestamp) : Date.now();
    const details = Object.entries(entry).filter(([key]) => !MACHINE_KEYS.test(key));
    const more = details.map(
      ([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
    );
    const about = typeof order === 'string' ? [`order ${order.slice(0, 8)}`] : [];
    const colour = level === 'ERROR' ? 'red' : 'yellow';
    this.#print(at, service, this.#paint(colour, [String(message), ...about, ...more].join('  ')));
    const { stack, message: what }: { stack?: string; message?: string } = Object(error);
    for (const row of readableStack(stack ?? what ?? '')
      .split('\n')
      .filter(Boolean)) {
      this.text(`${' '.repeat('12:00:00.000 '.length + this.#width)}  ${this.#paint('dim', row)}`);
    }
  }

  /** One line for each request, reaction and mail. */
  span({ service, name, kind, startTime, duration, outcome, error, attributes }: ShownSpan): void {
    const isMail = kind === 'client' && /^(SMTP|SES)/.test(name);
    if (kind !== 'server' && kind !== 'consumer' && !isMail) return;
    const order = attributes.order_id ?? attributes['cloudevents.event_subject'] ?? '';
    const status = attributes['http.response.status_code'] ?? (outcome === 'ok' ? 'ok' : (error ?? 'failed'));
    const columns = [
      name.padEnd(32),
      String(order).slice(0, 8).padEnd(8),
      `${duration < 10 ? duration.toFixed(1) : duration.toFixed(0)} ms`.padStart(8),
      this.#paint(outcome === 'ok' ? 'green' : 'red', String(status)),
    ];
    this.#print(startTime, service, columns.join('  '));
  }

  #print(at: number, service: string, text: string): void {
    const colour = COLOURS[Math.max(0, this.#options.services.indexOf(service)) % COLOURS.length] ?? 'cyan';
    const name = this.#paint(colour, service.padEnd(this.#width));
    this.text(`${this.#paint('dim', timeOf(at))} ${name}  ${text}`);
  }

  #paint(colour: Colour, text: string): string {
    return this.#options.colours ? styleText(colour, text, { validateStream: false }) : text;
  }
}

/** `12:00:01.085`, local time. */
const timeOf = (at: number): string => {
  const time = new Date(at);
  const two = (value: number): string => String(value).padStart(2, '0');
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join(':');
  return `${clock}.${String(time.getMilliseconds()).padStart(3, '0')}`;
};

const readObject = (line: string): Readonly<Record<string, unknown>> | undefined => {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
};
