import { invalidArgument } from './status.ts';

/** What a topic is called whose subscriptions outlive it. */
export const DELETED_TOPIC = '_deleted-topic_';

export type Collection = 'topics' | 'subscriptions';

/** Source: https://cloud.google.com/pubsub/docs/pubsub-basics#resource_names */
const ID = /^(?!goog)[A-Za-z][\w.~+%-]{2,254}$/;
const PROJECT = /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/;

/**
 * A full name, e.g. `projects/orderly/topics/local-order-events`.
 * @throws PubSubError INVALID_ARGUMENT for anything else
 */
export const readName = (value: unknown, collection: Collection): string => {
  const [projects, project = '', kind, id = '', ...rest] = typeof value === 'string' ? value.split('/') : [];
  const isName = projects === 'projects' && kind === collection && rest.length === 0;
  if (!isName || !PROJECT.test(project) || !ID.test(id))
    throw invalidArgument(
      `Invalid resource name given (name=${String(value)}). Expected: projects/{project}/${collection}/{id}, the id with 3 to 255 letters, numbers and -._~+%, a letter first, and not "goog".`,
    );
  return value as string;
};

/** The project of a full name. */
export const projectOf = (name: string): string => name.split('/')[1] ?? '';

/** The last part of a full name. */
export const idOf = (name: string): string => name.split('/').at(-1) ?? '';

/** @throws PubSubError INVALID_ARGUMENT unless it is `projects/{project}` */
export const readProject = (value: unknown): string => {
  const [projects, project = '', ...rest] = typeof value === 'string' ? value.split('/') : [];
  if (projects !== 'projects' || !PROJECT.test(project) || rest.length > 0)
    throw invalidArgument(`Invalid project given (name=${String(value)}). Expected: projects/{project}.`);
  return project;
};
