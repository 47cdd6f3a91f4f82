import type { Session } from '@orderly/cli/session';
import { readTopology } from '@orderly/cli/topology/topology';
import { traceable } from '@orderly/cli/trace/trace';
import { services as serviceNames } from '@orderly/local/services';
import { dropLetters, redriveLetters, replayOrder, retryFailedNotifications } from '../actions/recovery.ts';
import type { QueueState } from '../api.ts';
import type { Platform } from '../platform.ts';
import { Sessions } from '../session.ts';
import { localDeadLetters, remoteDeadLetters } from '../views/dead-letters.ts';
import { readOrder } from '../views/order.ts';
import { searchAllOrders, searchIndexedOrders } from '../views/orders.ts';
import { readQueue } from '../views/queue.ts';
import { localQueues, remoteQueues } from '../views/queues.ts';
import { listTables, readItems } from '../views/tables.ts';
import { readGraph } from '../views/topology.ts';
import type { Stage } from './stage.ts';

/** A stage on DynamoDB and SQS: the embedded ones, others on this machine, or those of AWS. */
export const awsStage = (platform: Platform): Stage => {
  const { local, stage } = platform;
  const sessions = new Sessions(platform);
  const session = (): Session => sessions.new();
  const sqs = local?.aws?.sqs;
  const deadLetters =
    local !== undefined && sqs !== undefined
      ? localDeadLetters(stage, sqs, () => local.recorder.logs.newestFirst())
      : remoteDeadLetters(session);
  const queues = async (): Promise<readonly QueueState[]> => {
    if (local !== undefined && sqs !== undefined) return localQueues(stage, sqs.queues(), local);
    return remoteQueues(await readTopology(session()), new Set(serviceNames));
  };
  return {
    deadLetters,
    queues,
    queue: (queue) => readQueue(session(), queue, { sqs, letters: deadLetters }),
    topology: () => readGraph(session()),
    async searchOrders(search) {
      if (local === undefined) return searchIndexedOrders(session(), search);
      return searchAllOrders(traceable(session()), search, await deadLetters.read());
    },
    async order(orderId) {
      const [letters, known] = await Promise.all([deadLetters.read(), queues()]);
      const seen = { recorder: local?.recorder, deadLetters: letters, queues: known };
      return readOrder(traceable(session()), orderId, seen);
    },
    tables: () => listTables(session()),
    items: (request) => readItems(session(), request),
    redrive: (input) => redriveLetters(sessions.new(), input),
    drop: (input) => dropLetters(sessions.new(), input),
    replay: (orderId, input) => replayOrder(sessions.new(), orderId, input),
    retryNotifications: (input) => retryFailedNotifications(sessions.new(), input),
    close: () => sessions.close(),
  };
};
