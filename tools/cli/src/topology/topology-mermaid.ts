import { totalOf } from '../queues/depth.ts';
import {
  describeEvents,
  type SubscriptionView,
  type TopicView,
  type Topology,
  type WakeUpsView,
} from './topology.ts';

/** The topology as a Mermaid flowchart (https://mermaid.js.org/syntax/flowchart.html); red is where dead letters are. */
export function topologyMermaid({ topics, wakeUps }: Topology): string {
  const services = new Map<string, string>();
  const serviceId = (name: string): string => {
    const id = services.get(name) ?? `s${services.size}`;
    services.set(name, id);
    return id;
  };
  const lines = [
    ...topics.flatMap((view, index) => topicLines(view, `t${index}`, serviceId)),
    ...wakeUps.flatMap((view, index) => wakeUpLines(view, `w${index}`, serviceId(view.service))),
  ];
  const nodes = [...services].map(([name, id]) => `  ${id}["${label(name)}"]`);
  return ['flowchart LR', ...nodes, ...lines, '  classDef dead stroke:#c00,stroke-width:3px'].join('\n');
}

function topicLines(view: TopicView, id: string, serviceId: (name: string) => string): string[] {
  const { topic, publisher, subscriptions, parked, streamFailures } = view;
  const lines = [`  ${id}(["${label(topic)}"])`];
  if (publisher !== null) lines.push(`  ${serviceId(publisher)} --> ${id}`);
  lines.push(
    ...subscriptions.flatMap((subscription, index) =>
      subscriptionLines(subscription, id, `${id}q${index}`, serviceId(subscription.consumer)),
    ),
  );
  lines.push(...deadLetters(id, `${id}parked`, 'parked', parked));
  lines.push(...deadLetters(id, `${id}stream`, 'not published', streamFailures));
  return lines;
}

function subscriptionLines(view: SubscriptionView, topic: string, id: string, consumer: string): string[] {
  const events = view.events.length === 0 ? 'all events' : describeEvents(view).join('<br>');
  return [
    `  ${topic} -->|"${label(events)}"| ${id}[["${label(view.queue)}<br>${totalOf(view)} waiting"]]`,
    `  ${id} --> ${consumer}`,
    ...deadLetters(id, `${id}dead`, 'failed', view.deadLetters),
  ];
}

function wakeUpLines(view: WakeUpsView, id: string, service: string): string[] {
  return [
    `  ${service} -->|"wake-ups"| ${id}[["${label(view.queue)}<br>${totalOf(view)} waiting"]]`,
    `  ${id} --> ${service}`,
    ...deadLetters(id, `${id}dead`, 'failed', view.deadLetters),
  ];
}

function deadLetters(from: string, id: string, what: string, messages: number | null): string[] {
  if (messages === null || messages === 0) return [];
  return [`  ${from} -.-> ${id}[("${messages} ${what}")]`, `  class ${id} dead`];
}

/** Mermaid's own escapes, since a label may be any text but a line break of our own. */
function label(text: string): string {
  return text
    .split('<br>')
    .map((line) => line.replace(/[^\w .,:/@+=-]/g, (char) => `#${char.codePointAt(0)};`))
    .join('<br>');
}
