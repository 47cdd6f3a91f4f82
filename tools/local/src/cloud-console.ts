import { topics } from '@orderly/cli/replay/topic-source';
import { Recorder } from '@orderly/console/history/recorder';
import type { CloudPlatform, LocalPlatform, LocalService } from '@orderly/console/platform';
import { type Console, startConsole } from '@orderly/console/server';
import type { CloudName, CloudWatch, RunningCloud } from './clouds.ts';
import type { PlatformRecord } from './platform-record.ts';
import { readSpanLine, type SpanLine } from './span-line.ts';

/** What a function of a service is called in the console: several services have one of the same name. */
export const functionName = (service: string, name: string): string => `${service}/${name}`;

/** What another cloud is called. */
const names: Readonly<Record<CloudName, string>> = { azure: 'Azure', google: 'Google Cloud' };

export interface CloudConsoleOptions {
  readonly stage: string;
  readonly cloud: CloudName;
  /** Whether there is a console to record for. */
  readonly records: boolean;
}

/** Gathers what a platform on another cloud's libraries does for its console. */
export class CloudConsole {
  readonly recorder: Recorder;
  readonly #options: CloudConsoleOptions;
  readonly #starting = new Set<string>();
  #console: Console | undefined;

  constructor(options: CloudConsoleOptions) {
    this.#options = options;
    this.recorder = new Recorder(options.stage, topics, functionName);
  }

  /** What the cloud tells; nothing where nobody records. */
  get watch(): CloudWatch | undefined {
    if (!this.#options.records) return undefined;
    return {
      published: (body) => this.recorder.published(body),
      message: (change) => this.recorder.message(change),
      invocation: ({ service, name, at, duration, outcome }) =>
        this.recorder.invocation({
          ...{ at, duration, outcome, coldStart: false },
          functionName: functionName(service, name),
        }),
    };
  }

  /** @returns the span, if the line is one; any other line is recorded as a line of the log */
  line(service: string, line: string): SpanLine | undefined {
    const span = readSpanLine(line);
    if (!this.#options.records) return span;
    if (span === undefined) this.recorder.line(service, line);
    else this.recorder.span(span);
    return span;
  }

  /**
   * @param restart starts a service again
   * @throws Error when the port is taken
   */
  async start(
    platform: RunningCloud,
    { stage, region, issuer }: PlatformRecord,
    port: number,
    restart: (name: string) => Promise<void>,
  ): Promise<void> {
    const local: LocalPlatform = {
      recorder: this.recorder,
      cloud: cloudOf(names[this.#options.cloud], platform),
      ...(issuer !== undefined && { issuer }),
      services: () => this.#services(platform),
      stopService: (name) => platform.stopService(name),
      startService: async (name) => {
        this.#starting.add(name);
        try {
          await restart(name);
        } finally {
          this.#starting.delete(name);
        }
      },
    };
    const target = { region, endpoints: {}, description: 'the local platform' };
    this.#console = await startConsole({ stage, target, canChange: true, local }, port);
  }

  async stop(): Promise<void> {
    await this.#console?.stop();
  }

  #services({ services: running, declared }: RunningCloud): readonly LocalService[] {
    return declared.map(({ name: service, functions }) => {
      const url = running[service]?.url;
      const without = this.#starting.has(service) ? 'starting' : 'stopped';
      return {
        ...{ name: service, url, state: url === undefined ? without : 'running' },
        functions: functions.map(({ name, ...rest }) => ({ name: functionName(service, name), ...rest })),
      };
    });
  }
}

/** The broker and the databases as the console reads them. */
const cloudOf = (name: string, platform: RunningCloud): CloudPlatform => ({
  name,
  queues: () => platform.queues(),
  messages: (queue) =>
    platform.messages(queue).map(({ isOut, failures, ...message }) => ({
      ...message,
      state: isOut ? 'in-flight' : 'waiting',
      receives: isOut ? failures + 1 : failures,
    })),
  deadLetters: () => platform.deadLetters(),
  redrive: (letter) => platform.redrive(letter),
  drop: (letter) => platform.drop(letter),
  tables: () => platform.tables(),
  items: (table, request) => platform.items(table, request),
});
