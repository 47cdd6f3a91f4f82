import type { Answer } from '../http/edge.ts';
import type { Handle } from '../messaging/message.ts';
import type { HandleTasks } from '../messaging/task.ts';
import type { Trigger } from '../trigger.ts';

// The handlers of functions, until `register` binds them to what invokes them.

interface RequestHandler {
  readonly kind: 'requests';
  readonly answer: Answer;
}

interface MessageHandler {
  readonly kind: 'messages';
  readonly handle: Handle;
}

interface TaskHandler {
  readonly kind: 'tasks';
  readonly handle: HandleTasks;
}

interface WorkHandler {
  readonly kind: 'work';
  /** @param remainingMs returns the milliseconds until the invocation ends */
  work(remainingMs: () => number): Promise<unknown>;
}

export type Handler = RequestHandler | MessageHandler | TaskHandler | WorkHandler;

/** A function with what invokes it. */
export interface RegisteredFunction {
  readonly name: string;
  readonly trigger: Trigger;
  readonly timeoutSeconds: number;
  readonly handler: Handler;
}

export const served = (answer: Answer): RequestHandler => ({ kind: 'requests', answer });

export const consuming = (handle: Handle): MessageHandler => ({ kind: 'messages', handle });

export const consumeTasks = (handle: HandleTasks): TaskHandler => ({ kind: 'tasks', handle });

export const scheduled = (work: () => Promise<unknown>): WorkHandler => ({ kind: 'work', work });
