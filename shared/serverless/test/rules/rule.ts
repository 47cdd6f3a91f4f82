import type { ServicePackage, Template } from '@orderly/local/packages';

/** The part of a package that the rules are about. */
export type Stack = Pick<ServicePackage, 'service' | 'stage' | 'template' | 'stackTags' | 'kmsKey'>;

/** @returns what breaks the rule, each with the logical id of the resource */
export type Rule = (stack: Stack) => readonly string[];
export type Rules = Readonly<Record<string, Rule>>;

export type Properties = Readonly<Record<string, unknown>>;
type Found = readonly [id: string, properties: Properties];

export const ofType = ({ Resources }: Template, type: string): readonly Found[] =>
  Object.entries(Resources).flatMap(([id, { Type, Properties = {} }]): Found[] =>
    Type === type ? [[id, Properties]] : [],
  );
export const queuesOf = (template: Template) => ofType(template, 'AWS::SQS::Queue');
export const functionsOf = (template: Template) => ofType(template, 'AWS::Lambda::Function');
export const mappingsOf = (template: Template) => ofType(template, 'AWS::Lambda::EventSourceMapping');

/** The value at a path of keys. */
export const at = (value: unknown, ...path: readonly string[]): unknown =>
  path.reduce((inner, key) => Object(inner)[key], value);

/** IAM takes one value where it takes a list. */
export const list = (value: unknown): readonly unknown[] => (value === undefined ? [] : [value].flat());

/** The logical id that a `Ref` or a `Fn::GetAtt` names. */
export const idOf = (value: unknown): string => {
  const [id = ''] = [at(value, 'Ref') ?? at(value, 'Fn::GetAtt')].flat();
  return String(id).split('.')[0] ?? '';
};

/** The event sources that are queues, each with its queue. */
export const consumedQueues = (template: Template) =>
  mappingsOf(template).flatMap(([id, mapping]) => {
    const queueId = idOf(mapping.EventSourceArn);
    const queue = template.Resources[queueId];
    return queue?.Type === 'AWS::SQS::Queue' ? [{ id, mapping, queueId, queue: queue.Properties ?? {} }] : [];
  });

/** The function of an event source, which may name it as `<its ARN>:<alias>`. */
export const functionOf = ({ Resources }: Template, { FunctionName }: Properties): Properties => {
  const joined = at(FunctionName, 'Fn::Join', '1', '0');
  return Resources[idOf(joined ?? FunctionName)]?.Properties ?? {};
};

/** One finding for each resource that is broken. */
export const findings = (
  found: readonly Found[],
  broken: (properties: Properties, id: string) => unknown,
  what: string,
): string[] => found.flatMap(([id, properties]) => (broken(properties, id) ? [`${id}: ${what}`] : []));
