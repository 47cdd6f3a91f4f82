import { servicePorts } from '@orderly/local/ports';
import { listsWithService } from './contracts.ts';
import { addToMap } from './edit-yaml.ts';
import { UsageFailure } from './failure.ts';
import { format } from './format.ts';
import { capital, checkKebab, plural, singular, withArticle } from './names.ts';
import { addToLock } from './package-lock.ts';
import { noPlan, type Plan } from './plan.ts';
import { eventsNamed, type Repository } from './repository.ts';
import { render, type Values } from './templates.ts';

export interface ServiceOptions {
  readonly name: string;
  /** What it owns, in the singular; from its name by default. */
  readonly aggregate?: string | undefined;
  /** The topic that it subscribes to, and its events there. */
  readonly topic?: string | undefined;
  readonly events?: readonly string[] | undefined;
}

/** Names that the generated code uses for something else. */
const taken = new Set(
  [
    'change close count created env event fallback handler http insert item key log ok on open outbox outcome parse',
    'path problem table text topic version invocation key insertion',
    'break case catch class const continue default delete do else enum export extends false finally for function if',
    'import in new null return super switch this throw true try typeof var void while with yield let static await',
  ]
    .join(' ')
    .split(' '),
);

/** What a service owns, as one lower-case word: event types have it in their middle. */
function aggregateOf({ name, aggregate }: ServiceOptions): string {
  const word = aggregate ?? singular(name.split('-').at(-1) ?? name);
  if (word === undefined) {
    throw new UsageFailure(
      `"${name}" is no plural, so say what the service owns in the singular: --aggregate <noun>`,
    );
  }
  if (!/^[a-z]{2,20}$/.test(word)) {
    throw new UsageFailure(
      `An aggregate is one lower-case word of 2 to 20 letters, such as payment; "${word}" is not`,
    );
  }
  if (taken.has(word))
    throw new UsageFailure(
      `The generated code uses "${word}" for something else: choose another --aggregate`,
    );
  return word;
}

/** The subscription of a new service: by default of the first topic, to what ends the life of its aggregates. */
function subscriptionOf(repository: Repository, { topic, events = [] }: ServiceOptions) {
  const [first] = repository.events;
  const of = topic ?? (events.length === 0 ? first?.topic : undefined);
  const subscription = eventsNamed(repository, events, of);
  if (!repository.releasedTopics.has(subscription.topic)) {
    throw new UsageFailure(
      `No event of ${subscription.topic} is released, and the tests of its subscribers replay what is: npm run contracts:release`,
    );
  }
  if (events.length > 0) return subscription;
  const all = repository.events.filter((event) => event.topic === subscription.topic);
  const ending = all.filter(({ type }) => /\.cancelled\.v\d+$/.test(type));
  return { ...subscription, events: ending.length > 0 ? ending : all.slice(-1) };
}

/**
 * A service with an aggregate, its state machine, a table, two routes, a consumer, a publisher, a topic with two events,
 * and tests.
 *
 * @throws UsageFailure for a name that is malformed or taken, and for an unknown topic or event
 */
export function planService(repository: Repository, options: ServiceOptions): Plan {
  const name = checkKebab('The name of a service', options.name);
  const { services, packages, read } = repository;
  if (services.some((service) => service.name === name))
    throw new UsageFailure(`There is a service ${name} already`);
  if (packages.has(name)) throw new UsageFailure(`There is a package @orderly/${name} already`);
  const thing = aggregateOf(options);
  const topic = `${thing}-events`;
  const publisher = services.find((service) => service.topic === topic);
  if (publisher !== undefined)
    throw new UsageFailure(`${publisher.name} publishes ${topic} already: choose another --aggregate`);
  const owner = repository.events.find(({ type }) => type.split('.')[1] === thing);
  if (owner !== undefined)
    throw new UsageFailure(
      `${owner.topic} has events of ${withArticle(thing)} already: choose another --aggregate`,
    );
  const subscription = subscriptionOf(repository, options);

  const things = plural(thing);
  const values: Values = {
    ...{
      service: name,
      thing,
      Thing: capital(thing),
      THING: thing.toUpperCase(),
      things,
      Things: capital(things),
    },
    ...{ aThing: withArticle(thing), AThing: capital(withArticle(thing)) },
    ...{ topic: subscription.topic, events: subscription.events.map((event) => event.name).join(' ') },
    Event: subscription.events.map((event) => event.name),
    firstEvent: subscription.events[0]?.name ?? '',
    port: String(
      servicePorts(
        name,
        services.map((service) => service.name),
        {},
      ).http,
    ),
  };
  const files = format([...render('service', '', values), ...listsWithService(repository, name, thing)]);
  const creates = files.filter(
    ({ path }) => /^(services|tests)\//.test(path) || path.endsWith(`/${topic}.ts`),
  );
  const manifest = JSON.parse(creates.find(({ path }) => path.endsWith('/package.json'))?.content ?? '');
  const folder = `services/${name}`;
  return {
    ...noPlan,
    root: repository.root,
    creates,
    changes: [
      ...files.filter((file) => !creates.includes(file)),
      {
        path: 'serverless-compose.yml',
        content: addToMap(
          'serverless-compose.yml',
          read('serverless-compose.yml'),
          ['services'],
          `${name}:\n  path: ${folder}`,
        ),
      },
      {
        path: 'package-lock.json',
        content: addToLock(read('package-lock.json'), { name: `@orderly/${name}`, folder, manifest }),
      },
    ],
    links: { [`@orderly/${name}`]: folder },
    generates: { documents: true, release: false },
    next: [
      `Read ${folder}/README.md, then make ${folder}/src/domain/${thing}.ts your own.`,
      `npm start, then: curl -s http://127.0.0.1:${values.port}/${things} -H 'content-type: application/json' -d '{"${thing}Id":"first"}'`,
      'npm run contracts:release when its events ship.',
    ],
  };
}
