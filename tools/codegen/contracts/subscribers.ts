import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Contract } from './contract.ts';

/** A service of this repository that subscribes to a topic. */
export interface Subscriber {
  /** Its folder: `services/orders`. */
  readonly service: string;
  readonly topic: string;
  /** The names of the events in its queue's tag; none: all of the topic. */
  readonly events: readonly string[];
}

/** The subscriptions under `services`, as each serverless.yml declares its own. */
export function readSubscribers(root: string): readonly Subscriber[] {
  return readdirSync(join(root, 'services'))
    .map((name) => ({ service: `services/${name}`, file: join(root, 'services', name, 'serverless.yml') }))
    .filter(({ file }) => existsSync(file))
    .flatMap(({ service, file }) => {
      // The parser would warn of each of CloudFormation's tags (`!GetAtt`).
      const yaml = parse(readFileSync(file, 'utf8'), { logLevel: 'silent' }) as ServiceYaml;
      const subscription = yaml.custom?.subscription;
      if (subscription === undefined) return [];
      return [{ service, topic: subscription.topic, events: subscription.events?.split(' ') ?? [] }];
    });
}

/** The subscription in a serverless.yml; the framework checks the file itself. */
interface ServiceYaml {
  readonly custom?: { readonly subscription?: { readonly topic: string; readonly events?: string } };
}

/** The subscribers that read the event. */
export function readersOf(
  { topic, schema }: Contract,
  subscribers: readonly Subscriber[],
): readonly Subscriber[] {
  return subscribers.filter(
    (subscriber) =>
      subscriber.topic === topic &&
      (subscriber.events.length === 0 || subscriber.events.includes(String(schema.title))),
  );
}
