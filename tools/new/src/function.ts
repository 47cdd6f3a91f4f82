import ts from 'typescript';
import { edit, fileOf, withIdempotent } from './contracts.ts';
import { propertyOf, type SourceEdit } from './edit-source.ts';
import { addRow } from './edit-table.ts';
import { addToList, addToMap, mapsIn } from './edit-yaml.ts';
import { UsageFailure } from './failure.ts';
import { format } from './format.ts';
import { camel, capital, checkKebab, pascal, words } from './names.ts';
import { noPlan, type Plan, type PlannedFile } from './plan.ts';
import { eventsNamed, type Repository, serviceNamed } from './repository.ts';
import { checkSchedule, parseRoute, type Route } from './route.ts';
import { render } from './templates.ts';

export interface FunctionOptions {
  readonly service: string;
  /** `refund-order` */
  readonly name: string;
  /** What calls it: one of these. */
  readonly http?: string | undefined;
  readonly topic?: string | undefined;
  readonly schedule?: string | undefined;
  /** The events of the topic; all by default. */
  readonly events?: readonly string[] | undefined;
  /** Those that a token may have; by default those of the most similar route. */
  readonly scopes?: readonly string[] | undefined;
}

/** `<service>-<stage>-<function>` has at most 64 characters: AWS's quota for Lambda. */
const longestName = 32;

/** All that the generators of functions know. */
interface Context {
  readonly repository: Repository;
  readonly service: string;
  readonly folder: string;
  readonly name: string;
}

/**
 * A function of a service with its entry in serverless.yml, a test, and, for a route, its description.
 *
 * @throws UsageFailure for names, routes, schedules and events that are malformed, unknown or taken
 */
export function planFunction(repository: Repository, options: FunctionOptions): Plan {
  const { service, http, topic, schedule } = options;
  serviceNamed(repository, service);
  const name = checkKebab('The name of a function', options.name, longestName);
  if (repository.functions(service).has(name))
    throw new UsageFailure(`${service} has a function ${name} already`);
  if ([http, topic, schedule].filter((given) => given !== undefined).length !== 1) {
    throw new UsageFailure('Say what calls the function, by one of --http, --topic and --schedule');
  }
  const context = { repository, service, folder: `services/${service}`, name };
  if (http !== undefined) return planRoute(context, parseRoute(http), options.scopes);
  if (schedule !== undefined) return planScheduled(context, checkSchedule(schedule));
  return planConsumer(context, topic ?? '', options.events ?? []);
}

/** serverless.yml with one more function, behind the others. */
function withFunction({ repository, folder, name }: Context, more: string): PlannedFile {
  const path = `${folder}/serverless.yml`;
  const text = repository.read(path);
  const index = mapsIn(text, 'functions').at(-1);
  const lines = [`handler: src/functions/${name}.handler`, ...more.split('\n')];
  const entry = `${name}:\n${lines.map((line) => `  ${line}`).join('\n')}`;
  const content =
    index === undefined
      ? addToList(path, text, 'functions', entry)
      : addToMap(path, text, ['functions', index], entry);
  return { path, content };
}

const descriptionOf = (name: string): string => `description: ${capital(words(name))}`;

function planRoute(context: Context, route: Route, givenScopes: readonly string[] | undefined): Plan {
  const { repository, service, folder, name } = context;
  const routes = repository.routes(service);
  const shape = (path: string) => path.replace(/\{\w+\}/g, '{}');
  for (const other of routes) {
    const [method, path = ''] = other.route.split(' ');
    if (shape(path) !== shape(route.path)) continue;
    if (path !== route.path) throw new UsageFailure(`${service} has this path as ${path}: use its names`);
    if (method === route.method)
      throw new UsageFailure(`${service} has ${other.route} already: ${other.name}`);
  }
  const description = edit(repository, `${folder}/src/api/description.ts`);
  const path = pathOf(description, context, route);
  const similar = mostSimilar(routes, route);
  const kind = route.method === 'GET' ? 'read' : 'write';
  const scopes = givenScopes ?? similar?.scopes ?? [`${service}:${kind}`];
  const wrong = scopes.find((scope) => !/^[a-z-]+:[a-z]+$/.test(scope));
  if (wrong !== undefined) throw new UsageFailure(`A scope is such as ${service}:${kind}; "${wrong}" is not`);

  const text = `${route.method} ${route.path}`;
  const answer = `${pascal(name)}Answer`;
  const tag = tagOf(description, similar?.route);
  description
    .import(answer, `./${name}.ts`)
    .addToObject(
      'apiDescription.schemas',
      `${answer}: { schema: ${answer}, description: 'When the request was handled.' }`,
    )
    .addToArray(
      'apiDescription.routes',
      `{
        route: '${text}',
        name: '${name}',
        tag: '${tag}',
        summary: '${capital(words(name))}',
        ${path.schema === undefined ? '' : `path: ${path.schema},`}
        answers: [
          {
            status: 200,
            description: 'The request was handled',
            schema: ${answer},
            example: { handledAt: '2026-01-31T12:00:00.000Z' },
          },
        ],
      }`,
    );
  if (path.declared !== '') description.import(path.schema ?? '', `./${name}.ts`);
  const fallback = edit(repository, `${folder}/src/functions/fallback.ts`);
  if (!fallback.addToArrayInArgument('fallback', route.path, `'${route.method}'`)) {
    fallback.addToArgument('fallback', `'${route.path}': ['${route.method}']`);
  }
  const rendered = render('function-http', folder, {
    ...{ function: name, Function: pascal(name), route: text },
    pathSchema: path.declared,
    pathImport: path.schema === undefined ? '' : `import { ${path.schema} } from '../api/${path.module}';`,
    pathOption: path.schema === undefined ? '' : ` path: ${path.schema} `,
    pathExample: path.example,
  });
  const files = format([
    ...rendered,
    fileOf(`${folder}/src/api/description.ts`, description),
    fileOf(`${folder}/src/functions/fallback.ts`, fallback),
    ...(route.method === 'POST' ? [withIdempotent(repository, camel(name))] : []),
  ]);
  const quoted = route.path.includes('{') ? `"${route.path}"` : route.path;
  const authorizer = `authorizer: { name: jwt, scopes: [${scopes.join(', ')}] }`;
  const more = `${descriptionOf(name)}
events:
  - httpApi: { method: ${route.method}, path: ${quoted}, ${authorizer} }
# What it may do with the table, such as Action: [dynamodb:GetItem, dynamodb:PutItem].
iamRoleStatements: []`;
  const row = `| \`${text}\` | ${name} | ${scopes.map((scope) => `\`${scope}\``).join(', ')} | 200 |`;
  const readme = `${folder}/README.md`;
  return {
    ...noPlan,
    root: repository.root,
    creates: files.slice(0, rendered.length),
    changes: [
      ...files.slice(rendered.length),
      withFunction(context, more),
      {
        path: readme,
        content: addRow(repository.read(readme), '| route | function | scopes | answers |', row),
      },
    ],
    generates: { documents: true, release: false },
    next: [
      `Make ${folder}/src/functions/${name}.ts your own, and its answer in ${folder}/src/api/${name}.ts; then: npm run contracts:build`,
      `Grant it what it needs in ${folder}/serverless.yml.`,
      ...(route.method === 'POST'
        ? [`Clients repeat it without an Idempotency-Key: a repeat must change nothing.`]
        : []),
    ],
  };
}

/** The route that shares most of its path with a new one, reading or writing like it. */
function mostSimilar<R extends { readonly route: string }>(
  routes: readonly R[],
  { method, path }: Route,
): R | undefined {
  const parts = path.split('/');
  const shared = (other: string) => {
    const differs = other.split('/').findIndex((part, index) => part !== parts[index]);
    return differs === -1 ? other.split('/').length : differs;
  };
  const alike = routes
    .map((one) => ({ one, method: one.route.split(' ')[0], path: one.route.split(' ')[1] }))
    .filter((other) => other.path !== undefined && (other.method === 'GET') === (method === 'GET'));
  return alike.toSorted((one, other) => shared(other.path ?? '') - shared(one.path ?? ''))[0]?.one;
}

/** A text property of an object in the description. */
function textOf(object: ts.Expression, property: string): string | undefined {
  const value = propertyOf(object, property);
  return value !== undefined && ts.isStringLiteralLike(value) ? value.text : undefined;
}

/** The group of the similar route, or else the first group. */
function tagOf(description: SourceEdit, route: string | undefined): string {
  const routes = description.elementsOf('apiDescription.routes');
  const found = routes.find((one) => textOf(one, 'route') === route) ?? routes[0];
  return (found && textOf(found, 'tag')) ?? '';
}

interface PathSchema {
  /** The name of the schema; without parameters there is none. */
  readonly schema: string | undefined;
  readonly module: string;
  /** Its source, where the service has no such schema yet. */
  readonly declared: string;
  readonly example: string;
}

/** The schema of the path's parameters: that of another route with the same ones, or a new one. */
function pathOf(
  description: SourceEdit,
  { repository, service, name }: Context,
  { parameters }: Route,
): PathSchema {
  if (parameters.length === 0) return { schema: undefined, module: '', declared: '', example: '{}' };
  const same = description.elementsOf('apiDescription.routes').find((one) => {
    const names = [...(textOf(one, 'route') ?? '').matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter);
    return names.join() === parameters.join();
  });
  const known = same && propertyOf(same, 'path');
  const module = known && ts.isIdentifier(known) ? description.moduleOf(known.text) : undefined;
  if (same !== undefined && known !== undefined && module !== undefined) {
    const example = repository.examplePath(service, textOf(same, 'route') ?? '');
    return {
      schema: known.getText(),
      module: module.replace('./', ''),
      declared: '',
      example: JSON.stringify(example),
    };
  }
  const schema = `${pascal(name)}Path`;
  const entries = parameters.map(
    (parameter) => `${parameter}: v.pipe(v.string(), v.minLength(1), v.maxLength(128))`,
  );
  return {
    schema,
    module: `${name}.ts`,
    declared: `/** The path of ${name}. */\nexport const ${schema} = v.object({ ${entries.join(', ')} });\n`,
    example: `{ ${parameters.map((parameter) => `${parameter}: 'an-id'`).join(', ')} }`,
  };
}

function planScheduled(context: Context, schedule: string): Plan {
  const { repository, folder, name } = context;
  const values = { function: name, Function: pascal(name), schedule };
  return {
    ...noPlan,
    root: repository.root,
    creates: format(render('function-schedule', folder, values)),
    changes: [
      withFunction(
        context,
        `${descriptionOf(name)}
memorySize: 256
timeout: 60
events:
  - schedule:
      rate: ["${schedule}"]
      name: \${self:service}-\${sls:stage}-${name}
# What it may do with the table, such as Action: dynamodb:Query.
iamRoleStatements: []`,
      ),
    ],
    next: [
      `Make ${folder}/src/functions/${name}.ts your own.`,
      `Grant it what it needs in ${folder}/serverless.yml.`,
    ],
  };
}

function planConsumer(context: Context, topic: string, names: readonly string[]): Plan {
  const { repository, service, folder, name } = context;
  const { subscription, topic: own } = serviceNamed(repository, service);
  const found = eventsNamed(repository, names, topic);
  if (own === topic) throw new UsageFailure(`${service} publishes ${topic} itself`);
  if (subscription !== undefined) {
    const { topic: consumed } = subscription;
    throw new UsageFailure(
      `${service} subscribes to ${consumed} already, and a service has one subscription: ${
        consumed === topic
          ? `add events to custom.subscription in ${folder}/serverless.yml and to consume-${consumed}.ts`
          : 'generate a service that subscribes to the other topic'
      }`,
    );
  }
  if (name !== `consume-${topic}`)
    throw new UsageFailure(`What consumes ${topic} is called consume-${topic}, not ${name}`);
  if (!repository.releasedTopics.has(topic)) {
    throw new UsageFailure(
      `No event of ${topic} is released, and the test replays what is: npm run contracts:release`,
    );
  }
  const all = repository.events.filter((event) => event.topic === topic).map((event) => event.name);
  const events = names.length > 0 ? found.events.map((event) => event.name) : [...new Set(all)];
  const path = `${folder}/serverless.yml`;
  const consumer = '${file(../../shared/serverless/consumer.yml)';
  const { content } = withFunction(
    context,
    `description: Consumes ${topic}
timeout: ${consumer}:timeout}
events: ${consumer}:events}
environment: ${consumer}:environment}
# What it may do with the table, such as Action: [dynamodb:GetItem, dynamodb:PutItem].
iamRoleStatements: []`,
  );
  const subscribed = addToMap(
    path,
    content,
    ['custom'],
    `subscription:\n  topic: ${topic}\n  events: ${events.join(' ')}`,
  );
  return {
    ...noPlan,
    root: repository.root,
    creates: format(render('function-topic', folder, { service, function: name, Event: events })),
    changes: [{ path, content: withResource(path, subscribed) }],
    generates: { documents: true, release: false },
    next: [
      `Make ${folder}/src/functions/${name}.ts your own.`,
      `Grant it what it needs in ${path}, and list the subscription in ${folder}/README.md.`,
    ],
  };
}

/** The fragment with the subscription's queues, first among the resources. */
function withResource(path: string, text: string): string {
  const fragment = `  - \${file(../../shared/serverless/subscription.yml)}`;
  if (text.includes(fragment)) return text;
  if (/^resources:\n {2}- /m.test(text))
    return text.replace(/^resources:\n/m, (found) => `${found}${fragment}\n`);
  if (/^resources:/m.test(text)) throw new UsageFailure(`The resources of ${path} are no list of fragments`);
  return `${text.trimEnd()}\n\nresources:\n${fragment}\n`;
}
