import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Contract } from './contract.ts';

/** A service of this repository that reads a topic. */
export interface Subscriber {
  /** Where it lives: `services/orders`. */
  readonly service: string;
  readonly topic: string;
  /** The names of the events that its queue wants; none: all of the topic. */
  readonly events: readonly string[];
}

/** The subscriptions under `services`, as each serverless.yml declares its own. */
export function readSubscribers(root: string): readonly Subscriber[] {
  return readdirSync(join(root, 'services'))
    .map((name) => ({ service: `services/${name}`, file: join(root, 'services', name, 'serverless.yml') }))
    .filter(({ file }) => existsSync(file))
    .flatMap(({ service, file }) => {
      // CloudFormation's own tags (`!GetAtt`) mean nothing to the parser, which would warn of each.
      const yaml = parse(readFileSync(file, 'utf8'), { logLevel: 'silent' }) as ServiceYaml;
      const subscription = yaml.custom?.subscription;
      if (subscription === undefined) return [];
      return [{ service, topic: subscription.topic, events: subscription.events?.split(' ') ?? [] }];
    });
}

/** What a serverless.yml says about its subscription; the framework checks the file itself. */
interface ServiceYaml {
  readonly custom?: { readonly subscription?: { readonly topic: string; readonly events?: string } };
}

/** Those that read the event. */
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
