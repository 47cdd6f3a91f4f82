import { createRequire } from 'node:module';
import { audience, startIssuer } from './issuer.ts';
import { type PlatformRecord, removePlatform, writePlatform } from './platform-record.ts';
import type { Env, PortUse } from './ports.ts';
import { printReady } from './ready-message.ts';
import { releaseMemory } from './release-memory.ts';
import type { SpanExport } from './span-export.ts';
import type { Terminal } from './terminal.ts';

/** One run of the platform: what it says, and what has to be stopped at its end. */
export class PlatformRun {
  /** Set before anything is started. */
  terminal!: Terminal;
  readonly #stops: (() => Promise<void>)[] = [];
  #stopping: Promise<never> | undefined;

  get isStopping(): boolean {
    return this.#stopping !== undefined;
  }

  /** Says that a step of the start is done, with the seconds since this process began. */
  done(step: string): void {
    this.terminal.step(step, performance.now() / 1000);
  }

  /** Stops are done in reverse. */
  onStop(stop: () => Promise<void>): void {
    this.#stops.push(stop);
  }

  /** For what others need until they have stopped. */
  onLastStop(stop: () => Promise<void>): void {
    this.#stops.unshift(stop);
  }

  /** Stops everything and ends this process. */
  stop(code: number): Promise<never> {
    this.#stopping ??= (async () => {
      for (const each of this.#stops.reverse()) await each();
      process.exit(code);
    })();
    return this.#stopping;
  }

  /** Starts an issuer of tokens. The services take it from the environment, as on AWS. @returns its URL */
  async startAuthentication({ port }: PortUse): Promise<string> {
    const issuer = await startIssuer(port);
    this.onStop(issuer.stop);
    process.env.ORDERLY_JWT_ISSUER = issuer.url;
    process.env.ORDERLY_JWT_AUDIENCE = audience;
    return issuer.url;
  }

  /** Exports spans to where OpenTelemetry's standard variable says. @returns undefined where it is not set */
  startExport({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }: Env): SpanExport | undefined {
    if (!endpoint?.trim()) return undefined;
    // Loaded when needed: it brings a part of OpenTelemetry along.
    const load = createRequire(__filename);
    const { startSpanExport } = load('./span-export.ts') as typeof import('./span-export.ts');
    const exporter = startSpanExport(endpoint.trim(), (message) => this.terminal.text(message));
    this.onStop(exporter.stop);
    return exporter;
  }

  /** All is up: others find the platform. */
  finish(record: PlatformRecord): void {
    writePlatform(record);
    this.onStop(async () => removePlatform(record.stage));
    printReady(record, (line) => this.terminal.text(line));
    process.send?.({ type: 'ready', record });
    releaseMemory();
  }
}
