import type { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import type { Template, TemplateResource } from '@orderly/local/packages';

type Specification = ReturnType<typeof loadAwsServiceSpecSync>;

const resourceType = (specification: Specification, name: string) =>
  specification.lookup('resource', 'cloudFormationType', 'equals', name)[0];

type ResourceType = NonNullable<ReturnType<typeof resourceType>>;
type Properties = ResourceType['properties'];
type PropertyType = Properties[string]['type'];

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What CloudFormation puts in its place is known only at the deploy. */
const isIntrinsic = (value: unknown): boolean => {
  const [key, ...more] = isObject(value) ? Object.keys(value) : [];
  return key !== undefined && more.length === 0 && (key === 'Ref' || key.startsWith('Fn::'));
};

const tagProperties: Properties = {
  Key: { type: { type: 'string' }, required: true },
  Value: { type: { type: 'string' }, required: true },
};

const propertiesOf = (specification: Specification, type: PropertyType): Properties | undefined => {
  if (type.type === 'tag') return tagProperties;
  return type.type === 'ref' ? specification.get('typeDefinition', type.reference).properties : undefined;
};

class Checker {
  readonly #specification: Specification;

  constructor(specification: Specification) {
    this.#specification = specification;
  }

  properties(value: Readonly<Record<string, unknown>>, properties: Properties, path: string): string[] {
    const missing = Object.entries(properties)
      .filter(([name, { required }]) => required && value[name] === undefined)
      .map(([name]) => `${path}: ${name} is missing`);
    const present = Object.entries(value).flatMap(([name, item]) => {
      const property = properties[name];
      return property
        ? this.#value(item, property.type, `${path}.${name}`)
        : [`${path}: ${name} is not known`];
    });
    return [...missing, ...present];
  }

  #value(value: unknown, type: PropertyType, path: string): string[] {
    if (isIntrinsic(value) || type.type === 'json') return [];
    if (type.type === 'union') {
      const findings = type.types.map((one) => this.#value(value, one, path));
      return findings.sort((a, b) => a.length - b.length)[0] ?? [];
    }
    if (type.type === 'array') {
      if (!Array.isArray(value)) return [`${path}: is not a list`];
      return value.flatMap((item, index) => this.#value(item, type.element, `${path}[${index}]`));
    }
    const properties = propertiesOf(this.#specification, type);
    if (!properties && type.type !== 'map') return scalar(value, type, path);
    if (!isObject(value)) return [`${path}: is not an object`];
    if (properties) return this.properties(value, properties, path);
    const { element } = type as Extract<PropertyType, { type: 'map' }>;
    return Object.entries(value).flatMap(([key, item]) => this.#value(item, element, `${path}.${key}`));
  }
}

/** CloudFormation takes numbers and booleans as texts, too. */
const scalar = (value: unknown, type: PropertyType, path: string): string[] => {
  const text = String(value);
  if (typeof value === 'object') return [`${path}: is no ${type.type}`];
  if (type.type === 'boolean')
    return /^(true|false)$/.test(text) ? [] : [`${path}: ${text} is not true or false`];
  if (type.type === 'integer' || type.type === 'number') {
    const right = type.type === 'integer' ? /^-?\d+$/ : /^-?\d+(\.\d+)?$/;
    return right.test(text) ? [] : [`${path}: ${text} is no ${type.type}`];
  }
  const allowed = type.type === 'string' ? type.allowedValues : undefined;
  return !allowed || allowed.includes(text) ? [] : [`${path}: ${text} is not one of ${allowed.join(', ')}`];
};

const PSEUDO = /^AWS::(AccountId|NoValue|NotificationARNs|Partition|Region|StackId|StackName|URLSuffix)$/;

/** Everything that a value refers to: a logical id, and an attribute where it names one. */
const references = (value: unknown): [id: string, attribute?: string][] => {
  if (Array.isArray(value)) return value.flatMap(references);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, item]): [string, string?][] => {
    if (key === 'Ref') return [[String(item)]];
    if (key === 'Fn::GetAtt') return [split(Array.isArray(item) ? item.join('.') : String(item))];
    if (key !== 'Fn::Sub') return references(item);
    const [text, own = {}] = Array.isArray(item) ? item : [item];
    const names = [...String(text).matchAll(/\$\{([^!}]+)\}/g)].map(([, name = '']) => name);
    return [...names.filter((name) => !(name in own)).map(split), ...references(own)];
  });
};

const split = (reference: string): [string, string?] => {
  const [id = '', ...attribute] = reference.split('.');
  return attribute.length > 0 ? [id, attribute.join('.')] : [id];
};

const referenceFindings = (specification: Specification, { Resources, Outputs }: Template): string[] =>
  Object.entries({ ...Resources, ...Outputs }).flatMap(([owner, part]) => {
    const { DependsOn = [] } = part as Partial<TemplateResource>;
    const all = [...references(part), ...[DependsOn].flat().map((id): [string] => [id])];
    return all.flatMap(([id, attribute]) => {
      if (PSEUDO.test(id)) return [];
      const target = Resources[id];
      if (!target) return [`${owner}: refers to ${id}, which is not there`];
      const known = resourceType(specification, target.Type)?.attributes ?? {};
      return attribute === undefined || attribute in known
        ? []
        : [`${owner}: ${id} (${target.Type}) has no attribute ${attribute}`];
    });
  });

/**
 * Where a template is not as AWS's resource specification wants it: unknown types, unknown, missing and
 * mistyped properties at any depth, references to nothing.
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/introduction.html
 */
export const specificationFindings = (specification: Specification, template: Template): string[] => {
  const checker = new Checker(specification);
  const resources = Object.entries(template.Resources).flatMap(([id, { Type, Properties = {} }]) => {
    const type = resourceType(specification, Type);
    return type ? checker.properties(Properties, type.properties, id) : [`${id}: there is no ${Type}`];
  });
  return [...resources, ...referenceFindings(specification, template)];
};
