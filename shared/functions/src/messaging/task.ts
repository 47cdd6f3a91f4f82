import type { Invocation } from './message.ts';

/** A message of a queue that keeps no order and that one service uses for itself. */
export interface Task {
  readonly id: string;
  readonly body: string;
}

export interface TaskQueue {
  /**
   * @param options.delaySeconds 0 to 900; the task is handled after it
   * @param options.group the tasks of one busy group do not hold up those of others, where the cloud knows groups
   * @throws the errors of the cloud's queue, after its client's own retries
   */
  send(body: string, options: { readonly delaySeconds: number; readonly group: string }): Promise<void>;
}

/**
 * Handles the tasks of a batch.
 *
 * @returns those that failed: they are redelivered, and after so many receives dead-lettered
 */
export type HandleTasks = (tasks: readonly Task[], invocation: Invocation) => Promise<readonly Task[]>;
