import { existsSync, readdirSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { UsageFailure } from './failure.ts';
import { format } from './format.ts';
import { checkKebab } from './names.ts';
import { noPlan, type Plan } from './plan.ts';
import { eventsNamed, type Repository } from './repository.ts';
import { render, type Values } from './templates.ts';

export const kinds = ['lambda', 'process'] as const;
export type Kind = (typeof kinds)[number];

export interface SubscriberOptions {
  /** `billing` */
  readonly name: string;
  readonly events: readonly string[];
  /** Its folder, from where the command is called; `examples/<name>` of the repository by default. */
  readonly to?: string | undefined;
  readonly kind?: string | undefined;
}

/** The words in which the two kinds differ, in their README. */
const readme = (kind: Kind, topic: string): Readonly<Record<string, string | readonly string[]>> =>
  kind === 'lambda'
    ? {
        What: 'A Lambda function',
        start: 'npm start',
        where:
          'Locally `local.ts` creates the queues of `serverless.yml`, receives messages as Lambda does, and calls the function.',
        region: 'eu-central-1',
        endpoint: '`http://127.0.0.1:9324`',
        onAws: '`npx sls deploy --stage dev` with your credentials.',
        file: `src/consume-${topic}.ts`,
        files: [
          '`src/fifo-batch.ts` | partial batch responses: a failure holds back only the later events of its own aggregate',
          '`serverless.yml` | queue, dead-letter queue, function',
          '`local.ts`, `local-resources.ts` | the local run',
        ],
      }
    : {
        What: 'A process',
        start:
          'AWS_ENDPOINT_URL_SQS=http://127.0.0.1:9324 AWS_REGION=eu-central-1 AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local npm start',
        where:
          'It creates its queue and the dead-letter queue if they are missing. Ctrl-C ends it after its current batch.',
        region: 'none',
        endpoint: 'AWS',
        onAws:
          '`npm start` with credentials that may `sqs:CreateQueue`, `GetQueueUrl`, `GetQueueAttributes`, `SetQueueAttributes`, `TagQueue`, `ReceiveMessage` and `DeleteMessage` on its two queues.',
        file: 'src/react.ts',
        files: ['`src/subscription.ts` | the queues', '`src/main.ts` | the process'],
      };

/** What it has as the example of its kind has it. */
const asInExample: Readonly<Record<Kind, readonly [example: string, ...files: string[]]>> = {
  lambda: ['loyalty-lambda', '.npmrc', 'tsconfig.json', 'src/fifo-batch.ts', 'test/fifo-batch.test.ts'],
  process: ['warehouse-poller', '.npmrc', 'tsconfig.json'],
};

/**
 * A small project that subscribes to events, in a folder of its own, also outside of the repository.
 *
 * @param cwd the folder that `to` begins at
 * @throws UsageFailure for a name that is malformed or taken, unknown events, events of several topics, and a folder that
 * has something in it
 */
export function planSubscriber(repository: Repository, options: SubscriberOptions, cwd: string): Plan {
  const name = checkKebab('The name of a subscriber', options.name);
  const kind = kinds.find((one) => one === (options.kind ?? 'lambda'));
  if (kind === undefined) throw new UsageFailure(`--kind is ${kinds.join(' or ')}, not ${options.kind}`);
  if (options.events.length === 0)
    throw new UsageFailure('--events is missing: a subscriber subscribes to at least one event');
  if (repository.services.some((service) => service.name === name)) {
    throw new UsageFailure(`There is a service ${name}, whose queue would have the same name`);
  }
  const { topic, events } = eventsNamed(repository, options.events, undefined);
  const root = options.to === undefined ? join(repository.root, 'examples', name) : resolve(cwd, options.to);
  if (existsSync(root) && readdirSync(root).length > 0)
    throw new UsageFailure(`The folder ${root} has something in it`);

  const { version } = JSON.parse(repository.read('shared/contracts/package.json')) as { version: string };
  const packed = join(repository.root, 'examples', `orderly-contracts-${version}.tgz`);
  const values: Values = {
    ...{ name, topic, events: events.map((event) => event.name).join(' ') },
    Event: events.map((event) => event.name),
    contracts: `file:${relative(root, packed).split(sep).join('/')}`,
    ...readme(kind, topic),
  };
  const [example, ...files] = asInExample[kind];
  const copied = files.map((path) => ({ path, content: repository.read(`examples/${example}/${path}`) }));
  const inExamples = relative(repository.root, root) === join('examples', name);
  return {
    ...noPlan,
    root,
    creates: format([...render(`subscriber-${kind}`, '', values), ...copied]),
    next: inExamples
      ? [`With the platform running: npm run example -- ${name}`]
      : [`npm run contracts:pack`, `cd ${root}`, `npm install && npm test, and read README.md.`],
  };
}
