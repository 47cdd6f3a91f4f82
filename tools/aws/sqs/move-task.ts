import type { Chance } from '../chance.ts';
import type { Clock } from '../clock.ts';
import { AwsError } from '../protocol/error.ts';
import type { JsonObject } from '../protocol/service.ts';
import { invalidParameter } from './errors.ts';
import type { Message } from './message.ts';
import type { Queue } from './queue.ts';
import type { QueueStore } from './queue-store.ts';

/** Without a rate SQS optimizes it: here as fast as it goes, but other callers get their turn. */
const MESSAGES_PER_STEP = 1_000;
export const RECENT_TASKS = 10;

type Status = 'RUNNING' | 'COMPLETED' | 'CANCELLED' | 'FAILED';

interface MoveTask {
  readonly handle: string;
  readonly source: Queue;
  readonly destinationArn: string | undefined;
  readonly perSecond: number | undefined;
  readonly startedAt: number;
  readonly toMove: number;
  status: Status;
  moved: number;
  failure: string | undefined;
  cancel: () => void;
}

const describe = (task: MoveTask): JsonObject => ({
  ...(task.status === 'RUNNING' ? { TaskHandle: task.handle } : {}),
  Status: task.status,
  SourceArn: task.source.arn,
  DestinationArn: task.destinationArn,
  MaxNumberOfMessagesPerSecond: task.perSecond,
  ApproximateNumberOfMessagesMoved: task.moved,
  ApproximateNumberOfMessagesToMove: task.toMove,
  FailureReason: task.failure,
  StartedTimestamp: task.startedAt,
});

const notFound = (message: string): AwsError =>
  new AwsError('ResourceNotFoundException', message, { status: 404 });

/**
 * Moves messages from dead-letter queues back, step by step as time passes.
 * Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html
 */
export class MoveTasks {
  readonly #store: QueueStore;
  readonly #clock: Clock;
  readonly #chance: Chance;
  /** Newest first. */
  readonly #tasks: MoveTask[] = [];

  constructor(store: QueueStore, clock: Clock, chance: Chance) {
    this.#store = store;
    this.#clock = clock;
    this.#chance = chance;
  }

  start(sourceArn: string, destinationArn: string | undefined, perSecond: number | undefined): string {
    const source = this.#findSource(sourceArn);
    if (destinationArn !== undefined) this.#checkDestination(destinationArn, source);
    if (this.#tasks.some((task) => task.source === source && task.status === 'RUNNING'))
      throw new AwsError(
        'UnsupportedOperation',
        'There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
      );
    const task: MoveTask = {
      handle: Buffer.from(JSON.stringify({ taskId: this.#chance.uuid(), sourceArn })).toString('base64'),
      source,
      destinationArn,
      perSecond,
      startedAt: this.#clock.now(),
      toMove: source.counts().visible,
      status: 'RUNNING',
      moved: 0,
      failure: undefined,
      cancel: () => {},
    };
    this.#tasks.unshift(task);
    this.#schedule(task);
    return task.handle;
  }

  list(sourceArn: string, maximum: number): readonly JsonObject[] {
    const source = this.#store.findByArn(sourceArn);
    if (!source) throw notFound("The resource that you specified for the SourceArn parameter doesn't exist.");
    return this.#tasks
      .filter((task) => task.source === source)
      .slice(0, maximum)
      .map(describe);
  }

  cancel(handle: string): number {
    const task = this.#tasks.find((each) => each.handle === handle);
    if (task?.status !== 'RUNNING') throw notFound("The task doesn't exist or is not running.");
    this.#end(task, 'CANCELLED');
    return task.moved;
  }

  close(): void {
    for (const task of this.#tasks) task.cancel();
  }

  #findSource(arn: string): Queue {
    const source = this.#store.findByArn(arn);
    if (!source) throw notFound("The resource that you specified for the SourceArn parameter doesn't exist.");
    const isDeadLetterQueue = this.#store
      .all()
      .some(({ settings }) => settings.redrive?.deadLetterTargetArn === arn);
    if (!isDeadLetterQueue) throw invalidParameter('Source queue must be configured as a Dead Letter Queue.');
    return source;
  }

  #checkDestination(arn: string, source: Queue): void {
    const destination = this.#store.findByArn(arn);
    if (!destination)
      throw notFound("The resource that you specified for the DestinationArn parameter doesn't exist.");
    if (destination.fifo !== source.fifo)
      throw invalidParameter('The destination must be the same type of queue as the source.');
    if (destination === source)
      throw invalidParameter("Source queue arn and destination queue arn can't be the same.");
  }

  #schedule(task: MoveTask): void {
    task.cancel = this.#clock.after(task.perSecond === undefined ? 0 : 1_000 / task.perSecond, () =>
      this.#step(task),
    );
  }

  #step(task: MoveTask): void {
    const allowed = this.#allowed(task);
    const messages = task.source.moveOut(allowed);
    for (const message of messages) {
      if (task.status === 'RUNNING') this.#move(task, message);
      else task.source.add(message.content, { delayMs: 0, receiveCount: message.receiveCount });
    }
    task.source.wake();
    if (task.status !== 'RUNNING') return;
    if (task.source.counts().visible === 0) this.#end(task, 'COMPLETED');
    else this.#schedule(task);
  }

  /** How many messages may be moved now, by the time since the start. */
  #allowed({ perSecond, startedAt, moved }: MoveTask): number {
    if (perSecond === undefined) return MESSAGES_PER_STEP;
    return Math.max(1, Math.floor(((this.#clock.now() - startedAt) * perSecond) / 1_000) - moved);
  }

  #move(task: MoveTask, { content, receiveCount }: Message): void {
    const arn = task.destinationArn ?? content.deadLetterSourceArn;
    const destination = arn === undefined ? undefined : this.#store.findByArn(arn);
    if (!destination) {
      this.#end(task, 'FAILED');
      task.failure =
        arn === undefined ? 'CouldNotDetermineMessageSource' : 'AWS.SimpleQueueService.NonExistentQueue';
      task.source.add(content, { delayMs: 0, receiveCount });
      return;
    }
    // What is moved is a new message. Source: "Redriven messages are assigned a new messageID and enqueueTime",
    // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html
    destination.add({ ...content, id: this.#chance.uuid(), deadLetterSourceArn: undefined });
    destination.wake();
    task.moved += 1;
  }

  #end(task: MoveTask, status: Status): void {
    task.status = status;
    task.cancel();
    const ended = this.#tasks.filter(({ source }) => source === task.source);
    for (const old of ended.slice(RECENT_TASKS)) this.#tasks.splice(this.#tasks.indexOf(old), 1);
  }
}
