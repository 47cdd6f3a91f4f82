import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { contractsFolder, edit, fileOf, publishedTest } from './contracts.ts';
import { propertyOf, type SourceEdit } from './edit-source.ts';
import { addToRow } from './edit-table.ts';
import { Failure, UsageFailure } from './failure.ts';
import { format } from './format.ts';
import { capital, checkEventName, withArticle } from './names.ts';
import { noPlan, type Plan } from './plan.ts';
import { type KnownEvent, type Repository, serviceNamed } from './repository.ts';

export interface EventOptions {
  readonly service: string;
  /** `OrderPaid` */
  readonly name: string;
  /** What it means, in a sentence; from its name by default. */
  readonly description?: string | undefined;
  /** Whether its schema is released, so that the gate protects it from now on. */
  readonly release?: boolean | undefined;
}

/** The definition of an event beside which a new one goes: of the same aggregate if there is one. */
interface Sibling {
  readonly event: KnownEvent;
  readonly path: string;
  /** The call that defines it: `orderEvent({ type, description, more })`. */
  readonly call: ts.CallExpression;
}

function siblingOf(repository: Repository, topic: string, aggregate: string): Sibling {
  const all = repository.events.filter((event) => event.topic === topic);
  const event = all.findLast(({ type }) => type.split('.')[1] === aggregate) ?? all.at(-1);
  if (event === undefined) throw new UsageFailure(`${topic} has no event yet, so there is none to go by`);
  for (const file of readdirSync(join(repository.root, contractsFolder))) {
    if (!file.endsWith('-events.ts')) continue;
    const path = `${contractsFolder}/${file}`;
    const call = edit(repository, path).variables().get(event.name);
    if (call !== undefined && ts.isCallExpression(call)) return { event, path, call };
  }
  throw new Failure(`No file of ${contractsFolder} defines ${event.name}`);
}

/** The name of an object's property, and of what it spreads. */
const memberName = (member: ts.ObjectLiteralElementLike): string => member.name?.getText() ?? '';

/** The members of an object literal. @throws Failure for anything else */
function membersOf(
  expression: ts.Expression | undefined,
  what: string,
): readonly ts.ObjectLiteralElementLike[] {
  if (expression === undefined || !ts.isObjectLiteralExpression(expression))
    throw new Failure(`${what} is no object`);
  return expression.properties;
}

/**
 * The data of the new event, in its definition and in its sample: what the sibling shares with others of its topic, and
 * when it happened.
 */
function dataOf({ event, call }: Sibling, testing: SourceEdit, happenedAt: string) {
  const [definition] = call.arguments;
  const found = testing.calls('sample').find(({ arguments: [name] }) => name?.getText() === event.name);
  const [, subject, values] = found?.arguments ?? [];
  if (
    definition === undefined ||
    found === undefined ||
    subject === undefined ||
    !ts.isStringLiteral(subject)
  ) {
    throw new Failure(
      `${event.name} has no sample in ${contractsFolder}/testing.ts, so there is none to go by`,
    );
  }
  const what = `The data of ${event.name}`;
  const more = propertyOf(definition, 'more');
  const own = membersOf(more ?? propertyOf(definition, 'data'), what);
  const isShared = (name: string) =>
    more === undefined ? name === subject.text : !own.some((member) => memberName(member) === name);
  const shared = own.filter((member) => more === undefined && isShared(memberName(member)));
  const sampled = membersOf(values, `The sample of ${event.name}`).filter((member) =>
    isShared(memberName(member)),
  );
  const source = (members: readonly ts.ObjectLiteralElementLike[], last: string) =>
    `{ ${[...members.map((member) => member.getText()), last].join(', ')} }`;
  return {
    field: more === undefined ? 'data' : 'more',
    fields: source(shared, `${happenedAt}: Timestamp`),
    subject: subject.text,
    sample: source(sampled, `${happenedAt}: laterAt`),
  };
}

/**
 * An event of a service's topic: its definition, its sample, and its places in the lists of events.
 *
 * @throws UsageFailure for an unknown service, a service without a topic, and a name that is malformed or taken
 */
export function planEvent(repository: Repository, options: EventOptions): Plan {
  const { name } = options;
  const { aggregate, happened } = checkEventName(name);
  const { topic } = serviceNamed(repository, options.service);
  if (topic === undefined) throw new UsageFailure(`${options.service} publishes no topic`);
  const known = repository.events.find((event) => event.name === name);
  if (known !== undefined) throw new UsageFailure(`${known.topic} has the event ${name} already`);
  const elsewhere = repository.events.find(
    (event) => event.topic !== topic && event.type.split('.')[1] === aggregate,
  );
  if (elsewhere !== undefined) {
    throw new UsageFailure(`Events of ${withArticle(aggregate)} are of ${elsewhere.topic}, not of ${topic}`);
  }

  const type = `orderly.${aggregate}.${happened}.v1`;
  const description = options.description ?? `${capital(withArticle(aggregate))} was ${happened}.`;
  const sibling = siblingOf(repository, topic, aggregate);
  const testing = edit(repository, `${contractsFolder}/testing.ts`);
  const { field, fields, subject, sample } = dataOf(sibling, testing, `${happened}At`);
  const ofTopic = new Set(
    repository.events.filter((event) => event.topic === topic).map((event) => event.name),
  );
  const module = `./${sibling.path.split('/').at(-1)}`;

  const definitions = edit(repository, sibling.path)
    .import('Timestamp', './values.ts')
    // `npm run contracts:build` writes it.
    .import(`is${name}V1`, './exact-checks.ts')
    .append(
      `export const ${name} = ${sibling.call.expression.getText()}({
        type: '${type}',
        isExact: is${name}V1,
        description: ${JSON.stringify(description)},
        ${field}: ${fields},
      });`,
    );
  const lists = edit(repository, `${contractsFolder}/known-events.ts`)
    .import(name, module)
    .addToTuple('known', `typeof ${name}`, (source) => ofTopic.has(source.replace('typeof ', '')))
    .addToArray('known', name, (source) => ofTopic.has(source));
  testing.import(name, module).addToArray('samples', `sample(${name}, '${subject}', ${sample})`);
  const types = edit(repository, `${contractsFolder}/event-types.ts`).addToArray(
    `eventTypes.${topic}`,
    `'${type}'`,
  );
  const published = edit(repository, publishedTest).addToArray(
    'published',
    `['${topic}', '${type}', '${name}']`,
    (source) => source.includes(`'${topic}'`),
  );
  const readme = `services/${options.service}/README.md`;
  return {
    ...noPlan,
    root: repository.root,
    changes: format([
      fileOf(sibling.path, definitions),
      fileOf(`${contractsFolder}/known-events.ts`, lists),
      fileOf(`${contractsFolder}/event-types.ts`, types),
      fileOf(`${contractsFolder}/testing.ts`, testing),
      fileOf(publishedTest, published),
      ...(existsSync(join(repository.root, readme))
        ? [{ path: readme, content: addToRow(repository.read(readme), 'publishes', 2, name) }]
        : []),
    ]),
    generates: { documents: true, release: options.release ?? false },
    next: [
      `Complete its fields in ${sibling.path} and its sample in ${contractsFolder}/testing.ts, then: npm run contracts:build`,
      `Return it from the function in services/${options.service}/src/domain that makes the change.`,
      ...(options.release ? [] : ['npm run contracts:release when it ships.']),
    ],
  };
}
