import type { ReadPage } from '@orderly/cli/tables/stage-table';
import { publishers } from '@orderly/cli/topology/publishers';
import type { Traceable } from '@orderly/cli/trace/trace';
import { badRequest, notFound, notHere } from '../http/problem.ts';
import type { CloudPlatform, LocalPlatform } from '../platform.ts';
import { cloudDeadLetters, dropCloudLetters, redriveCloudLetters } from '../views/cloud-dead-letters.ts';
import { cloudQueue, cloudQueues } from '../views/cloud-queues.ts';
import { readOrder } from '../views/order.ts';
import { searchAllOrders } from '../views/orders.ts';
import { positionIn, textOfPosition } from '../views/position.ts';
import type { Stage } from './stage.ts';

const ITEMS = 50;

/** A table's pages as the CLI reads those of DynamoDB. */
const readerOf =
  (cloud: CloudPlatform): ReadPage =>
  async ({ table, ...request }) =>
    (await cloud.items(table, request)) ?? { items: [] };

/** A stage on another cloud's libraries, on this machine. */
export const cloudStage = (stage: string, local: LocalPlatform, cloud: CloudPlatform): Stage => {
  const deadLetters = cloudDeadLetters(stage, cloud, () => local.recorder.logs.newestFirst());
  const traceable: Traceable = { stage, read: readerOf(cloud), advises: false, stuckTopics: async () => [] };
  const queues = () => cloudQueues(cloud.queues(), local.recorder);
  return {
    deadLetters,
    queues: async () => queues(),
    queue: (queue) => cloudQueue(cloud, queue, deadLetters),
    async topology() {
      const known = queues().filter(({ kind }) => kind === 'subscription');
      const topics = [...publishers()].map(([topic, publisher]) => ({
        ...{ topic, publisher },
        subscriptions: known.filter((queue) => queue.topic === topic).map(({ name }) => name),
      }));
      return { topics, stuck: [] };
    },
    searchOrders: async (search) => searchAllOrders(traceable, search, await deadLetters.read()),
    async order(orderId) {
      const seen = { recorder: local.recorder, deadLetters: await deadLetters.read(), queues: [] };
      return readOrder(traceable, orderId, seen);
    },
    tables: () => cloud.tables(),
    async items({ table, after, ...request }) {
      const found = (await cloud.tables()).find(({ name }) => name === table);
      if (found === undefined) throw notFound(`Stage ${stage} has no table ${table}.`);
      const position = positionIn(after);
      const page = await cloud.items(table, { ...request, after: position, limit: ITEMS });
      if (page === undefined) throw badRequest(`${table} has no index ${request.index}.`);
      return {
        items: page.items.map((item) => ({
          table,
          key: Object.fromEntries(found.key.map((name) => [name, String(item[name] ?? '')])),
          item,
        })),
        ...(page.next !== undefined && { after: textOfPosition(page.next) }),
      };
    },
    redrive: (input) => redriveCloudLetters(cloud, input),
    drop: (input) => dropCloudLetters(cloud, input),
    replay: async () => {
      throw notHere(`${cloud.name} publishes to all subscriptions of a topic, and not to one.`);
    },
    retryNotifications: async () => {
      throw notHere('Notifications are retried on DynamoDB only.');
    },
    close: () => undefined,
  };
};
