import type { Chance } from '../chance.ts';
import type { Clock } from '../clock.ts';
import { AwsError } from '../protocol/error.ts';
import type { AwsService, Caller, JsonObject } from '../protocol/service.ts';
import { describeError } from './errors.ts';
import { Faults } from './faults.ts';
import { inFlightOperations } from './in-flight-operations.ts';
import { MoveTasks } from './move-task.ts';
import { moveTaskOperations } from './move-task-operations.ts';
import type { MessageListener } from './observation.ts';
import type { Operation, Operations } from './operation.ts';
import { type PeekedMessage, peek, peekOperations, type QueueSummary, summarise } from './peek.ts';
import { queueOperations } from './queue-operations.ts';
import { QueueStore } from './queue-store.ts';
import { receiveOperations } from './receive.ts';
import { sendOperations } from './send.ts';
import { refuseUnknown } from './validation.ts';

export interface SqsOptions {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly region: string;
  /** 000000000000 unless given. */
  readonly accountId?: string;
  /**
   * Whether a name can be used again only 60 seconds after its queue was deleted, as on AWS. True unless given; local
   * tools that recreate queues switch it off.
   */
  readonly deletedNamesPause?: boolean;
}

export interface SqsService extends AwsService {
  /** Faults on request. */
  readonly faults: Faults;
  /**
   * Looks into a queue: nothing is received, and nothing is counted.
   * @throws AwsError QueueDoesNotExist
   */
  peek(queueUrlOrName: string): readonly PeekedMessage[];
  /** The queues there are, by name. */
  queues(): readonly QueueSummary[];
  /**
   * Calls back after each change of a message.
   * @returns ends it
   */
  onMessage(listener: MessageListener): () => void;
  /** Stops the timers. Receives that wait end with their callers. */
  close(): void;
}

/** For tools, on the same port: `EmbeddedAws.PeekMessages`. */
export const TOOLS_TARGET = 'EmbeddedAws';

const OPERATIONS: Readonly<Record<string, Operations>> = {
  AmazonSQS: {
    ...queueOperations,
    ...sendOperations,
    ...receiveOperations,
    ...inFlightOperations,
    ...moveTaskOperations,
  },
  [TOOLS_TARGET]: peekOperations,
};

const findOperation = (target: string, name: string): Operation => {
  const operations = OPERATIONS[target] ?? {};
  const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
  if (operation) return operation;
  throw new AwsError(
    'UnknownOperationException',
    `The embedded SQS does not implement the operation ${name}.`,
  );
};

const queueNameIn = ({ QueueUrl: url, QueueName: name }: JsonObject): string | undefined => {
  if (typeof url === 'string') return url.slice(url.lastIndexOf('/') + 1);
  return typeof name === 'string' ? name : undefined;
};

/**
 * Amazon SQS, in memory.
 * Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/Welcome.html
 */
export const createSqs = ({
  clock,
  chance,
  region,
  accountId = '000000000000',
  deletedNamesPause = true,
}: SqsOptions): SqsService => {
  const faults = new Faults(chance);
  const store = new QueueStore({ clock, chance, region, accountId, faults, deletedNamesPause });
  const moveTasks = new MoveTasks(store, clock, chance);
  const call = async (
    target: string,
    name: string,
    input: JsonObject,
    caller: Caller,
  ): Promise<JsonObject> => {
    const operation = findOperation(target, name);
    refuseUnknown(name, input, operation.parameters);
    if (target !== TOOLS_TARGET) faults.check(name, queueNameIn(input));
    return operation.run(input, { store, moveTasks, caller });
  };
  const close = (): void => {
    moveTasks.close();
    store.close();
  };
  return {
    targets: Object.keys(OPERATIONS),
    call,
    describeError,
    faults,
    peek: (queueUrlOrName) => peek(store, queueUrlOrName),
    queues: () => store.all().map(summarise),
    onMessage: (listener) => store.observation.add(listener),
    close,
  };
};
