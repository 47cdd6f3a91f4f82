import type { History } from './history.ts';

/** A span as functions log it. */
export interface Span {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
}

interface LogLine {
  readonly _aws?: {
    readonly CloudWatchMetrics: readonly { readonly Metrics: readonly { readonly Name: string }[] }[];
  };
  readonly type?: string;
  readonly service?: string;
  readonly [name: string]: unknown;
}

/** Members that name files of this machine, or texts of a version of Node.js. */
const NOT_MEANT = new Set(['stack', 'location', 'timestamp']);
const meant = (name: string, value: unknown): unknown => (NOT_MEANT.has(name) ? undefined : value);

/** What the functions print: metrics are added up, spans are kept, and lines of the log are a part of the history. */
export class Log {
  readonly spans: Span[] = [];
  /** By service and name of the metric. */
  readonly metrics = new Map<string, number>();
  readonly #history: History;

  constructor(history: History) {
    this.#history = history;
  }

  take(functionName: string, text: string): void {
    for (const line of text.split('\n')) if (line !== '') this.#line(functionName, line);
  }

  #line(functionName: string, text: string): void {
    const line: LogLine = text.startsWith('{') ? JSON.parse(text) : { message: text };
    if (line._aws) this.#count(line);
    else if (line.type === 'span') this.spans.push(line as unknown as Span);
    else this.#history.add('log', `${functionName} ${JSON.stringify(line, meant)}`);
  }

  #count(line: LogLine): void {
    for (const { Metrics } of line._aws?.CloudWatchMetrics ?? [])
      for (const { Name } of Metrics) {
        const key = `${line.service} ${Name}`;
        const values = [line[Name]].flat().map(Number);
        this.metrics.set(
          key,
          values.reduce((sum, value) => sum + value, this.metrics.get(key) ?? 0),
        );
      }
  }
}
