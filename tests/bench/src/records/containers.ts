import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { Node } from '@orderly/support/node-versions';
import { runtimeEnvironment } from '../run-function.ts';

/** A function in a process of its own. */
export interface Container {
  /** How many records of the first batch it gave back. */
  readonly givenBack: number;
  /** Calls it so many times, one after the other. @returns milliseconds in all */
  run(calls: number): Promise<number>;
  stop(): void;
  /** Lets it end by itself. */
  end(): Promise<void>;
}

/** The files of a container, see `container.ts`. */
export interface ContainerFiles {
  readonly program: string;
  readonly bundle: string;
  readonly exported: string;
  readonly inputs: string;
}

/** What Lambda sets, and what the services set for every function. */
const environment = {
  NODE_OPTIONS: '',
  ...runtimeEnvironment,
  STAGE: 'bench',
  POWERTOOLS_SERVICE_NAME: 'bench',
  MAX_RECEIVE_COUNT: '5',
  POWERTOOLS_LOG_LEVEL: 'INFO',
  // A look-up of subscriptions every so many seconds is not the cost of a record.
  SUBSCRIPTIONS_TTL_SECONDS: '3600',
};

/**
 * @param options of Node.js
 * @throws Error when the process ends before it has answered
 */
export async function startContainer(
  files: ContainerFiles,
  node: Node,
  options: readonly string[] = [],
): Promise<Container> {
  const child = fork(files.program, [files.bundle, files.exported, files.inputs], {
    env: environment,
    execPath: node.binary,
    execArgv: [...options],
    // What Lambda takes without delay: log lines and metrics.
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const givenBack = await answerOf(child, files);
  return {
    givenBack,
    run: async (calls) => {
      child.send(calls);
      return answerOf(child, files);
    },
    stop: () => void child.kill(),
    end: async () => {
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
}

async function answerOf(child: ChildProcess, { bundle, exported }: ContainerFiles): Promise<number> {
  const waiting = new AbortController();
  const { signal } = waiting;
  try {
    return await Promise.race([
      once(child, 'message', { signal }).then(([milliseconds]) => Number(milliseconds)),
      once(child, 'exit', { signal }).then(([code]) => {
        throw new Error(`The process of ${exported} in ${bundle} ended with ${code}`);
      }),
    ]);
  } finally {
    waiting.abort();
  }
}
