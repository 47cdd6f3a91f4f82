/** What `Ref` and `Fn::GetAtt` answer for one resource. */
export interface ResourceValues {
  readonly ref: string;
  readonly attributes: Readonly<Record<string, string>>;
}

export interface Scope {
  readonly resources: ReadonlyMap<string, ResourceValues>;
  /** `AWS::Region` and the like. */
  readonly pseudo: Readonly<Record<string, string>>;
}

export type Properties = Readonly<Record<string, unknown>>;

export interface Resource {
  readonly Type: string;
  readonly Properties: Properties;
}

export const ACCOUNT = '000000000000';

export const pseudoParameters = (region: string, stack: string): Readonly<Record<string, string>> => ({
  'AWS::AccountId': ACCOUNT,
  'AWS::Partition': 'aws',
  'AWS::Region': region,
  'AWS::StackName': stack,
  'AWS::URLSuffix': 'amazonaws.com',
});

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * The resources of a service as Serverless holds them: one `{ Resources }` or a list of them.
 * @param resources `resources` of serverless.yml with variables resolved
 */
export const listResources = (resources: unknown): ReadonlyMap<string, Resource> => {
  const found = new Map<string, Resource>();
  for (const part of Array.isArray(resources) ? resources : [resources]) {
    if (!isObject(part) || !isObject(part.Resources)) continue;
    for (const [name, resource] of Object.entries(part.Resources)) {
      if (!isObject(resource) || typeof resource.Type !== 'string') continue;
      const properties = isObject(resource.Properties) ? resource.Properties : {};
      found.set(name, { Type: resource.Type, Properties: properties });
    }
  }
  return found;
};

const lookUp = (name: string, scope: Scope): string | undefined =>
  scope.pseudo[name] ?? scope.resources.get(name)?.ref;

const getAtt = (argument: unknown, scope: Scope): string | undefined => {
  const [name, ...path] = Array.isArray(argument) ? argument.map(String) : String(argument).split('.');
  return scope.resources.get(name ?? '')?.attributes[path.join('.')];
};

const substitute = (argument: unknown, scope: Scope): string | undefined => {
  const [template, own] = Array.isArray(argument) ? argument : [argument, {}];
  let complete = true;
  const text = String(template).replaceAll(/\$\{([^!}][^}]*)\}/g, (whole, name: string) => {
    const value =
      resolveValue(Object(own)[name], scope) ??
      (name.includes('.') ? getAtt(name, scope) : lookUp(name, scope));
    if (typeof value === 'string') return value;
    complete = false;
    return whole;
  });
  return complete ? text.replaceAll('${!', '${') : undefined;
};

const join = (argument: unknown, scope: Scope): string | undefined => {
  if (!Array.isArray(argument) || !Array.isArray(argument[1])) return undefined;
  const parts = argument[1].map((part) => resolveValue(part, scope));
  return parts.every((part) => typeof part !== 'object') ? parts.join(String(argument[0])) : undefined;
};

const intrinsics: Readonly<Record<string, (argument: unknown, scope: Scope) => string | undefined>> = {
  Ref: (name, scope) => lookUp(String(name), scope),
  'Fn::GetAtt': getAtt,
  'Fn::Sub': substitute,
  'Fn::Join': join,
};

/**
 * Replaces `Ref`, `Fn::GetAtt`, `Fn::Sub` and `Fn::Join` in a value, at any depth. What names
 * something outside the scope stays as it is.
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
 */
export const resolveValue = (value: unknown, scope: Scope): unknown => {
  if (Array.isArray(value)) return value.map((item) => resolveValue(item, scope));
  if (!isObject(value)) return value;
  const entries = Object.entries(value);
  const [first] = entries;
  const intrinsic = entries.length === 1 && first ? intrinsics[first[0]] : undefined;
  if (intrinsic && first) return intrinsic(first[1], scope) ?? value;
  return Object.fromEntries(entries.map(([key, item]) => [key, resolveValue(item, scope)]));
};

/** As {@link resolveValue}, for a place where only a string will do. */
export const resolveString = (value: unknown, scope: Scope): string | undefined => {
  const resolved = resolveValue(value, scope);
  return typeof resolved === 'string' ? resolved : undefined;
};
