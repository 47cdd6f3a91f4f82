import { resolveString, type Scope } from './cloudformation.ts';
import type { Serverless } from './serverless.ts';
import type { DeclaredFunction } from './service-messages.ts';

/** As serverless.yml has it, or as serverless-offline leaves it behind. */
type HttpApi = { readonly method: string; readonly path: string } | { readonly routeKey: string };

interface Event {
  readonly httpApi?: HttpApi | string;
  readonly sqs?: unknown;
  readonly stream?: unknown;
  readonly schedule?: { readonly rate?: readonly string[] | string } | string;
}

const arnOf = (source: unknown, scope: Scope): string =>
  resolveString(Object(source).arn ?? source, scope) ?? '';

const triggerOf = ({ httpApi, sqs, stream, schedule }: Event, scope: Scope): string => {
  if (typeof httpApi === 'string') return httpApi === '*' ? 'any other request' : httpApi;
  if (httpApi !== undefined)
    return 'routeKey' in httpApi ? httpApi.routeKey : `${httpApi.method} ${httpApi.path}`;
  if (sqs !== undefined) return `queue ${arnOf(sqs, scope).split(':').at(-1)}`;
  if (stream !== undefined) return `stream of ${arnOf(stream, scope).split('/')[1]}`;
  if (schedule === undefined) return 'another event';
  return typeof schedule === 'string' ? schedule : [schedule.rate].flat().join(', ');
};

/** The functions of a service with what they react to, for people. */
export const declaredFunctions = (
  { functions, provider }: Pick<Serverless['service'], 'functions' | 'provider'>,
  scope: Scope,
): readonly DeclaredFunction[] =>
  Object.values(functions).map(({ name, events = [], ...own }) => {
    const memoryMb = own.memorySize ?? provider.memorySize;
    const timeoutSeconds = own.timeout ?? provider.timeout;
    return {
      name,
      trigger: events.map((event) => triggerOf(event, scope)).join(', ') || 'a direct call',
      ...(memoryMb !== undefined && { memoryMb }),
      ...(timeoutSeconds !== undefined && { timeoutSeconds }),
    };
  });
