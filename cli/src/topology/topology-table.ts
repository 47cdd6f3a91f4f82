import { toTable } from '../output.ts';
import { totalOf } from '../queues/depth.ts';
import { describeAge } from '../queues/oldest-age.ts';
import type { SubscriptionView, TopicView, Topology } from './topology.ts';

const HEAD = ['Topic', 'From', 'To', 'Events', 'Waiting', 'In flight', 'Delayed', 'Oldest', 'Dead letters'];

/** One row for each subscription, and two for what the publisher itself could not send. */
export function topologyTable({ topics }: Topology): string {
  return toTable(HEAD, topics.flatMap(rowsOf));
}

function rowsOf(view: TopicView): string[][] {
  const rows = [
    ...view.subscriptions.map(subscriptionCells),
    ['(refused by a subscription)', '', '', '', '', '', count(view.parked)],
    ['(not published in time)', '', '', '', '', '', count(view.streamFailures)],
  ];
  return rows.map((cells, index) =>
    index === 0 ? [view.topic, view.publisher ?? '?', ...cells] : ['', '', ...cells],
  );
}

function subscriptionCells(view: SubscriptionView): string[] {
  return [
    view.queue.endsWith('.fifo') ? view.consumer : `${view.consumer} (no order)`,
    view.events.length === 0 ? 'all' : view.events.join('\n'),
    String(view.visible),
    String(view.inFlight),
    String(view.delayed),
    totalOf(view) === 0 ? '-' : describeAge(view.oldestAge ?? undefined),
    count(view.deadLetters),
  ];
}

const count = (messages: number | null): string => (messages === null ? 'no queue' : String(messages));
