export { consumeTasks, taskQueue } from '#cloud/tasks';
export type { Invocation } from './message.ts';
export type { Task, TaskQueue } from './task.ts';
