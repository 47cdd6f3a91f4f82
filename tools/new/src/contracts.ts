import { SourceEdit } from './edit-source.ts';
import { capital } from './names.ts';
import type { PlannedFile } from './plan.ts';
import type { Repository } from './repository.ts';

/** The files that list all events or all topics. */

export const contractsFolder = 'shared/contracts/src';

export const edit = ({ read }: Pick<Repository, 'read'>, path: string): SourceEdit =>
  new SourceEdit(path, read(path));

export const fileOf = (path: string, { text }: SourceEdit): PlannedFile => ({ path, content: text });

/** The tests that state what is published, and which POSTs may be repeated. */
export const publishedTest = 'shared/contracts/test/event-definitions.test.ts';
const clientTest = 'tools/codegen/test/client-source.test.ts';

/** Where `npx orderly` finds the events of a topic again. */
const topicSource = 'tools/cli/src/replay/topic-source.ts';

/**
 * The lists with the topic of a new service and its two events, whose definitions are in a file of their own.
 *
 * @param thing the aggregate of the service
 */
export function listsWithService(
  repository: Repository,
  service: string,
  thing: string,
): readonly PlannedFile[] {
  const topic = `${thing}-events`;
  const names = [`${capital(thing)}Opened`, `${capital(thing)}Closed`];
  const types = ['opened', 'closed'].map((happened) => `orderly.${thing}.${happened}.v1`);
  const of = (file: string) => edit(repository, `${contractsFolder}/${file}`);

  const known = of('known-events.ts');
  const testing = of('testing.ts').addToObject('sources', `'${topic}': 'orderly/${service}'`);
  for (const name of names) {
    known.import(name, `./${topic}.ts`).addToTuple('known', `typeof ${name}`).addToArray('known', name);
    testing.import(name, `./${topic}.ts`);
  }
  const published = edit(repository, publishedTest);
  for (const [index, name] of names.entries()) {
    published.addToArray('published', `['${topic}', '${types[index]}', '${name}']`);
  }
  const prefix = `'${thing.toUpperCase()}#'`;
  const source = `service: '${service}', aggregates: [${prefix}], ofOrder: ${prefix}`;
  const data = `${thing}Id: 'a3da9915-e501-815b-b444-699b1c553a42', openedAt: placedAt`;
  testing
    .addToArray('samples', `sample(${names[0]}, '${thing}Id', { ${data} })`)
    .addToArray('samples', `sample(${names[1]}, '${thing}Id', { ${data}, closedAt: laterAt })`);
  return [
    fileOf(`${contractsFolder}/event.ts`, of('event.ts').addToUnion('Topic', `'${topic}'`)),
    fileOf(
      `${contractsFolder}/event-types.ts`,
      of('event-types.ts').addToObject(
        'eventTypes',
        `'${topic}': [${types.map((type) => `'${type}'`).join(', ')}]`,
      ),
    ),
    fileOf(`${contractsFolder}/index.ts`, of('index.ts').exportAll(`./${topic}.ts`)),
    fileOf(`${contractsFolder}/known-events.ts`, known),
    fileOf(`${contractsFolder}/testing.ts`, testing),
    fileOf(publishedTest, published),
    withIdempotent(repository, `open${capital(thing)}`),
    fileOf(
      topicSource,
      edit(repository, topicSource).addToObject('topicSources', `'${topic}': { ${source} }`),
    ),
  ];
}

/** The list of POSTs that may be repeated with one more operation of the client. */
export const withIdempotent = (repository: Repository, operation: string): PlannedFile =>
  fileOf(clientTest, edit(repository, clientTest).addToArray('idempotent', `'${operation}'`));
