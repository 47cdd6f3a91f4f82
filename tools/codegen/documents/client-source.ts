import type { Json } from './openapi-components.ts';

/** The parts of our OpenAPI documents that the client is made from. */
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly parameters: Readonly<Record<string, Parameter>>;
    readonly schemas: Readonly<Record<string, Schema>>;
  };
}

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly parameters?: readonly (Parameter | Reference)[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
}

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema: Schema;
}

interface Reference {
  readonly $ref: string;
}

type Content = Readonly<Record<string, { readonly schema: Schema }>>;

interface Schema {
  readonly $ref?: string;
  readonly description?: string;
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | false;
}

/** The line width of this repository. */
const WIDTH = 110;

/**
 * The TypeScript of @orderly/client that follows from the APIs: a type for each schema, a function for each operation.
 * openapi-typescript gives types by path, without names or functions, and brings a second version of Redocly along.
 *
 * @param documents the OpenAPI documents by service
 * @throws TypeError when a schema uses something that has no translation, or two services mean different things by a name
 */
export function clientSourceOf(documents: Readonly<Record<string, Json>>): string {
  const services = Object.entries(documents).map(([service, document]) => ({
    service,
    // Fields that are undefined are not in the written document either.
    document: JSON.parse(JSON.stringify(document)) as Document,
  }));
  return [
    "import type { CallOptions, Send } from './call.ts';",
    ...Object.entries(schemasOf(services.map(({ document }) => document))).map(typeOf),
    problemTypes(JSON.stringify(documents)),
    ...services.map(apiOf),
    wholeClient(services.map(({ service }) => service)),
  ].join('\n\n');
}

function schemasOf(documents: readonly Document[]): Readonly<Record<string, Schema>> {
  const all = new Map<string, Schema>();
  for (const [name, schema] of documents.flatMap(({ components }) => Object.entries(components.schemas))) {
    if (all.has(name) && JSON.stringify(all.get(name)) !== JSON.stringify(schema)) {
      throw new TypeError(`Two services describe a different ${name}: rename one of them`);
    }
    all.set(name, schema);
  }
  return Object.fromEntries([...all].sort(([one], [other]) => (one < other ? -1 : 1)));
}

function typeOf([name, schema]: [string, Schema]): string {
  const head = `${comment(schema.description ?? '')}export`;
  if (schema.properties === undefined) return `${head} ${alias(name, translate(schema))}`;
  const fields = fieldsOf(schema).map((field) => `  ${field};\n`);
  return `${head} interface ${name} {\n${fields.join('')}}`;
}

function alias(name: string, type: string): string {
  const line = `type ${name} = ${type};`;
  return `export ${line}`.length <= WIDTH
    ? line
    : `type ${name} =\n${fill(`${type};`.split(/(?=\| )/), '  ')}`;
}

function translate(schema: Schema): string {
  if (schema.$ref !== undefined) return nameIn(schema.$ref);
  if (schema.enum) return schema.enum.map((value) => `'${value}'`).join(' | ');
  if (schema.type === 'integer') return 'number';
  if (schema.type === 'string' || schema.type === 'boolean') return schema.type;
  if (schema.type === 'array' && schema.items) return `readonly ${translate(schema.items)}[]`;
  if (schema.properties) return `{ ${fieldsOf(schema).join('; ')} }`;
  if (schema.additionalProperties)
    return `Readonly<Record<string, ${translate(schema.additionalProperties)}>>`;
  throw new TypeError(`No TypeScript for the schema ${JSON.stringify(schema)}`);
}

function fieldsOf({ properties = {}, required = [] }: Schema): readonly string[] {
  return Object.entries(properties).map(
    ([name, schema]) => `readonly ${name}${required.includes(name) ? '' : '?'}: ${translate(schema)}`,
  );
}

function problemTypes(documents: string): string {
  const found = new Set(documents.match(/urn:orderly:problem:[a-z-]+/g));
  const types = [...found].sort().map((type) => `'${type}'`);
  return `${comment('The `type` of every problem that the APIs answer with.')}export ${alias('ProblemType', types.join(' | '))}`;
}

function apiOf({ service, document }: { readonly service: string; readonly document: Document }): string {
  const operations = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([method]) => method !== 'parameters')
      .map(([method, operation]) => describe(document, path, method.toUpperCase(), operation)),
  );
  const api = `${capital(service)}Api`;
  return [
    ...operations.map(({ request }) => request),
    `export interface ${api} {\n${operations.map(({ declaration }) => declaration).join('\n')}}`,
    `const ${service}Api = (send: Send): ${api} => ({\n${operations.map(({ definition }) => definition).join('')}});`,
  ].join('\n\n');
}

/** What an operation takes, how it is declared in the interface of its API, and how it is sent. */
function describe(document: Document, path: string, method: string, operation: Operation) {
  const name = camel(operation.operationId);
  const parameters = (operation.parameters ?? []).map((parameter) =>
    '$ref' in parameter ? resolve(document, parameter) : parameter,
  );
  const body = operation.requestBody?.content['application/json']?.schema;
  const fields = [
    ...parameters.map(({ name, required = false, schema }) => ({ name: camel(name), required, schema })),
    ...(body ? [{ name: 'body', required: true, schema: body }] : []),
  ].map(({ name, required, schema }) => ({
    name,
    declaration: `  readonly ${name}${required ? '' : '?'}: ${translate(schema)}${required ? '' : ' | undefined'};\n`,
  }));
  const query = parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name);
  const call = [
    `method: '${method}'`,
    path.includes('{')
      ? `path: \`${path.replace(/\{(\w+)\}/g, '$${encodeURIComponent($1)}')}\``
      : `path: '${path}'`,
    ...(query.length > 0 ? [`query: { ${query.join(', ')} }`] : []),
    ...fields.map((field) => field.name).filter((field) => ['body', 'idempotencyKey'].includes(field)),
  ].join(', ');
  const told = [`${operation.summary}.`, operation.description].filter(Boolean).join(' ');
  const type = `${capital(name)}Request`;
  const send = `    send({ ${call} }, options),\n`;
  return {
    request: `export interface ${type} {\n${fields.map(({ declaration }) => declaration).join('')}}`,
    declaration: `${comment(told, '  ')}  ${name}(request: ${type}, options?: CallOptions): Promise<${answerOf(operation)}>;\n`,
    definition: `  ${name}: ({ ${fields.map(({ name }) => name).join(', ')} }, options) =>\n${
      send.length <= WIDTH ? send : `    send(\n      { ${call} },\n      options,\n    ),\n`
    }`,
  };
}

function resolve({ components }: Document, { $ref }: Reference): Parameter {
  const parameter = components.parameters[nameIn($ref)];
  if (parameter === undefined) throw new TypeError(`There is no ${$ref}`);
  return parameter;
}

/** @throws TypeError when an operation answers with more than one type, or none */
function answerOf({ operationId, responses }: Operation): string {
  const good = Object.entries(responses).filter(([status]) => status.startsWith('2'));
  const types = new Set(
    good.map(([, { content }]) => translate(content?.['application/json']?.schema ?? {})),
  );
  const [type] = types;
  if (type === undefined || types.size > 1) throw new TypeError(`${operationId} has not one type of answer`);
  return type;
}

function wholeClient(services: readonly string[]): string {
  const types = services.map((service) => `  readonly ${service}: ${capital(service)}Api;\n`);
  const values = services.map((service) => `  ${service}: ${service}Api(sendTo('${service}')),\n`);
  return [
    `/** The APIs by service. */\nexport interface OrderlyApis {\n${types.join('')}}`,
    'export type Service = keyof OrderlyApis;',
    `export const orderlyApis = (sendTo: (service: Service) => Send): OrderlyApis => ({\n${values.join('')}});\n`,
  ].join('\n\n');
}

const nameIn = (reference: string): string => reference.slice(reference.lastIndexOf('/') + 1);

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

/** `place-order` is placeOrder, and `Idempotency-Key` is idempotencyKey. */
function camel(name: string): string {
  const joined = name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  return joined.charAt(0).toLowerCase() + joined.slice(1);
}

/** A docstring; on one line where it fits. */
function comment(text: string, indent = ''): string {
  const line = `${indent}/** ${text} */`;
  if (line.length <= WIDTH) return `${line}\n`;
  return `${indent}/**\n${fill(text.split(/(?<= )/), `${indent} * `)}\n${indent} */\n`;
}

/** As many words on a line as it holds. */
function fill(words: readonly string[], indent: string): string {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && `${last}${word}`.trimEnd().length <= WIDTH)
      lines[lines.length - 1] = last + word;
    else lines.push(`${indent}${word}`);
  }
  return lines.map((line) => line.trimEnd()).join('\n');
}
