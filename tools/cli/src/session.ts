import { findPlatform, runningStages } from '@orderly/local/platform-record';
import type { Command } from 'commander';
import { type Clients, createClients, destroyClients } from './clients.ts';
import type { GlobalOptions } from './global-options.ts';
import { createOutput, type Output, type Streams } from './output.ts';
import { findTarget, type Target } from './target.ts';

/** What a command works with. */
export interface Session extends Output {
  readonly stage: string;
  readonly dryRun: boolean;
  readonly target: Target;
  readonly clients: Clients;
  /** Aborted by Ctrl-C: stop at the next point where nothing is half done. */
  readonly signal: AbortSignal;
}

export type Work = (session: Session) => Promise<void>;

/** Runs the work of a command in a session made from its global options. */
export type Run = (command: Command, work: Work) => Promise<void>;

export function runInSession(streams: Streams, signal: AbortSignal): Run {
  return async (command, work) => {
    const options = command.optsWithGlobals<GlobalOptions>();
    const output = createOutput(streams, options.json ?? false);
    const target = findTarget(options, process.env, { find: findPlatform, stages: runningStages });
    output.note(`Stage ${options.stage} on ${target.description}.`);
    const clients = createClients(target);
    try {
      await work({
        ...output,
        ...{ stage: options.stage, target, clients, signal },
        dryRun: options.dryRun ?? false,
      });
    } finally {
      destroyClients(clients);
    }
  };
}
