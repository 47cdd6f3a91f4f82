import { topics } from '@orderly/cli/replay/topic-source';
import { FaultSwitch } from '@orderly/console/faults';
import { Recorder } from '@orderly/console/history/recorder';
import type { LocalPlatform, LocalService } from '@orderly/console/platform';
import { type Console, startConsole } from '@orderly/console/server';
import type { EmbeddedAws } from './embedded-aws.ts';
import { isAlive } from './is-alive.ts';
import { findPlatform, type PlatformRecord } from './platform-record.ts';
import type { DeclaredFunction, InvocationReport } from './service-messages.ts';
import type { ServiceProcess } from './service-process.ts';
import { readSpanLine, type SpanLine } from './span-line.ts';

/** What the console needs to know of a service's process. */
interface Hosted {
  readonly process: ServiceProcess;
  url?: string;
  functions: readonly DeclaredFunction[];
  state: LocalService['state'];
}

export interface ConsoleHostOptions {
  readonly stage: string;
  /** Whether there is a console to record for. */
  readonly records: boolean;
  /** Starts a service's process again. */
  readonly restart: (name: string) => ServiceProcess;
}

/** Gathers what this platform does for its console, and does to the platform what the console asks for. */
export class ConsoleHost {
  readonly recorder: Recorder;
  readonly #options: ConsoleHostOptions;
  readonly #services = new Map<string, Hosted>();
  readonly #faults: FaultSwitch;
  #aws: EmbeddedAws['services'] = {};
  #console: Console | undefined;

  constructor(options: ConsoleHostOptions) {
    this.#options = options;
    this.recorder = new Recorder(options.stage, topics);
    this.#faults = new FaultSwitch({
      sqs: () => this.#aws.sqs,
      functions: () => this.#list().flatMap(({ functions }) => functions.map(({ name }) => name)),
      setFunctionFaults: (faults) => {
        for (const { process } of this.#services.values()) process.setFaults(faults);
      },
    });
  }

  /** Watches the embedded DynamoDB and SQS. */
  watchAws(aws: EmbeddedAws['services']): void {
    this.#aws = aws;
    if (!this.#options.records) return;
    aws.sqs?.onMessage((change) => this.recorder.message(change));
    aws.dynamodb?.onStreamWrite((write) => this.recorder.write(write));
  }

  watchService(process: ServiceProcess): void {
    const hosted: Hosted = { process, functions: [], state: 'starting' };
    this.#services.set(process.name, hosted);
    void process.ready.then(
      ({ url, functions }) => Object.assign(hosted, { url, functions, state: 'running' }),
      () => undefined,
    );
    void process.ended.then(() => Object.assign(hosted, { state: 'stopped', url: undefined }));
  }

  invocation(report: InvocationReport): void {
    if (this.#options.records) this.recorder.invocation(report);
    if (report.faulted) this.#faults.struck(report.functionName);
  }

  /** @returns the span, if the line is one; any other line is recorded as a line of the log */
  line(service: string, line: string): SpanLine | undefined {
    const span = readSpanLine(line);
    if (!this.#options.records) return span;
    if (span === undefined) this.recorder.line(service, line);
    else this.recorder.span(span);
    return span;
  }

  /** @throws Error when the port is taken */
  async start({ stage, region, dynamodb, sqs, issuer }: PlatformRecord, port: number): Promise<void> {
    const local: LocalPlatform = {
      recorder: this.recorder,
      faults: this.#faults,
      aws: this.#aws,
      ...(issuer !== undefined && { issuer }),
      services: () => this.#list(),
      stopService: (name) => this.#find(name).process.stop(),
      startService: (name) => this.#restart(name),
    };
    const target = { region, endpoints: { dynamodb, sqs }, description: 'the local platform' };
    this.#console = await startConsole({ stage, target, canChange: true, local }, port);
  }

  async stop(): Promise<void> {
    this.#faults.clear();
    await this.#console?.stop();
  }

  #list(): readonly LocalService[] {
    return [...this.#services].map(([name, { url = this.#joined(name), state, functions }]) => ({
      ...{ name, url, functions },
      state: state === 'stopped' && url !== undefined ? 'running' : state,
    }));
  }

  /** The URL of a service that somebody else has started: it has joined by the record of the platform. */
  #joined(name: string): string | undefined {
    const service = findPlatform(this.#options.stage)?.services[name];
    return service && isAlive(service.pid) ? service.url : undefined;
  }

  #find(name: string): Hosted {
    const service = this.#services.get(name);
    if (service === undefined) throw new Error(`There is no service ${name}.`);
    return service;
  }

  async #restart(name: string): Promise<void> {
    if (this.#list().find((service) => service.name === name)?.state !== 'stopped')
      throw new Error(`${name} is running already.`);
    const process = this.#options.restart(name);
    this.watchService(process);
    await process.ready;
    this.#faults.resend();
  }
}
