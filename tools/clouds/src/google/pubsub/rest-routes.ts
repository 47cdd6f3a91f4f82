import type { Fields } from './fields.ts';
import { PubSubError } from './status.ts';

/** An operation with its input, as a request names them. */
export interface RestCall {
  readonly operation: string;
  readonly input: Fields;
}

interface Route {
  readonly method: string;
  readonly pattern: RegExp;
  readonly operation: string;
  readonly inputOf: (name: string, body: Fields, query: Fields) => Fields;
}

const project = String.raw`projects\/[^/]+`;
const topic = String.raw`(${project}\/topics\/[^/:]+)`;
const subscription = String.raw`(${project}\/subscriptions\/[^/:]+)`;

const route = (
  method: string,
  path: string,
  operation: string,
  inputOf: (name: string, body: Fields, query: Fields) => Fields,
): Route => ({ method, pattern: new RegExp(String.raw`^\/v1\/${path}$`), operation, inputOf });

const pageOf = ({ pageSize, ...rest }: Fields): Fields => ({
  ...rest,
  ...(pageSize !== undefined && { pageSize: Number(pageSize) }),
});

const camel = (name: string): string =>
  name.trim().replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

/** "a,b" as Google's JSON has field masks. */
const maskOf = (value: unknown): unknown => (typeof value === 'string' ? value.split(',').map(camel) : value);

/** Source: https://cloud.google.com/pubsub/docs/reference/rest */
const ROUTES: readonly Route[] = [
  route('PUT', topic, 'CreateTopic', (name, body) => ({ ...body, name })),
  route('GET', topic, 'GetTopic', (name, _, query) => ({ ...query, topic: name })),
  route('DELETE', topic, 'DeleteTopic', (name, _, query) => ({ ...query, topic: name })),
  route('POST', `${topic}:publish`, 'Publish', (name, body) => ({ ...body, topic: name })),
  route('GET', `(${project})\\/topics`, 'ListTopics', (name, _, query) => ({
    ...pageOf(query),
    project: name,
  })),
  route('GET', `${topic}\\/subscriptions`, 'ListTopicSubscriptions', (name, _, query) => ({
    ...pageOf(query),
    topic: name,
  })),
  route('PUT', subscription, 'CreateSubscription', (name, body) => ({ ...body, name })),
  route('GET', subscription, 'GetSubscription', (name, _, query) => ({ ...query, subscription: name })),
  route('DELETE', subscription, 'DeleteSubscription', (name, _, query) => ({ ...query, subscription: name })),
  route('PATCH', subscription, 'UpdateSubscription', (name, body) => ({
    subscription: { ...(Object(body.subscription) as Fields), name },
    updateMask: maskOf(body.updateMask),
  })),
  route('GET', `(${project})\\/subscriptions`, 'ListSubscriptions', (name, _, query) => ({
    ...pageOf(query),
    project: name,
  })),
  ...['pull', 'acknowledge', 'modifyAckDeadline', 'modifyPushConfig'].map((verb) =>
    route('POST', `${subscription}:${verb}`, `${verb[0]?.toUpperCase()}${verb.slice(1)}`, (name, body) => ({
      ...body,
      subscription: name,
    })),
  ),
];

/**
 * What a request asks for.
 * @throws PubSubError UNIMPLEMENTED that names the method and path when no operation here has them
 */
export const findRestCall = (method: string, url: URL, body: Fields): RestCall => {
  const path = decodeURIComponent(url.pathname);
  for (const { method: wanted, pattern, operation, inputOf } of ROUTES) {
    const name = method === wanted ? pattern.exec(path)?.[1] : undefined;
    if (name !== undefined)
      return { operation, input: inputOf(name, body, Object.fromEntries(url.searchParams)) };
  }
  throw new PubSubError('UNIMPLEMENTED', `The stand-in for Pub/Sub does not implement ${method} ${path}.`);
};
