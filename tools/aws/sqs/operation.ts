import type { Caller, JsonObject } from '../protocol/service.ts';
import type { MoveTasks } from './move-task.ts';
import type { QueueStore } from './queue-store.ts';

export interface OperationContext {
  readonly store: QueueStore;
  readonly moveTasks: MoveTasks;
  readonly caller: Caller;
}

export interface Operation {
  /** Any other is refused by name. */
  readonly parameters: readonly string[];
  run(input: JsonObject, context: OperationContext): JsonObject | Promise<JsonObject>;
}

export type Operations = Readonly<Record<string, Operation>>;
