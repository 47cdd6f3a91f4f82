import { toTable } from '../output.ts';
import { totalOf } from '../queues/depth.ts';
import { describeAge } from '../queues/oldest-age.ts';
import { describeStuck } from './stuck-topics.ts';
import {
  describeEvents,
  type SubscriptionView,
  type TopicView,
  type Topology,
  type WakeUpsView,
} from './topology.ts';

const HEAD = ['Topic', 'From', 'To', 'Events', 'Waiting', 'In flight', 'Delayed', 'Oldest', 'Dead letters'];

/** One row for each subscription, two for what the publisher itself could not send, and one for each queue of wake-ups. */
export function topologyTable({ topics, wakeUps }: Topology): string {
  const stuck = describeStuck(topics.flatMap((topic) => topic.stuck));
  return [toTable(HEAD, [...topics.flatMap(rowsOf), ...wakeUps.map(wakeUpCells)]), ...stuck].join('\n');
}

function rowsOf(view: TopicView): string[][] {
  const rows = [
    ...view.subscriptions.map(subscriptionCells),
    ['(parked)', '', '', '', '', '', count(view.parked)],
    ['(not published in time)', '', '', '', '', '', count(view.streamFailures)],
  ];
  return rows.map((cells, index) =>
    index === 0 ? [view.topic, view.publisher ?? '?', ...cells] : ['', '', ...cells],
  );
}

function subscriptionCells(view: SubscriptionView): string[] {
  return [
    view.queue.endsWith('.fifo') ? view.consumer : `${view.consumer} (no order)`,
    view.events.length === 0 ? 'all' : describeEvents(view).join('\n'),
    ...depthCells(view),
    count(view.deadLetters),
  ];
}

const wakeUpCells = (view: WakeUpsView): string[] => [
  ...['(wake-ups)', view.service, view.service, 'no events', ...depthCells(view)],
  String(view.deadLetters),
];

const depthCells = (view: SubscriptionView | WakeUpsView): string[] => [
  ...[String(view.visible), String(view.inFlight), String(view.delayed)],
  totalOf(view) === 0 ? '-' : describeAge(view.oldestAge ?? undefined),
];

const count = (messages: number | null): string => (messages === null ? 'no queue' : String(messages));
