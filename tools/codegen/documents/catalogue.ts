import type { JsonSchema } from '../contracts/json-schema.ts';
import type { Event, Service } from './platform.ts';

/** All events on one page for people: publisher, readers, fields and an example of each. */
export function catalogueOf(services: readonly Service[], events: readonly Event[]): string {
  return [
    '# Events',
    '',
    'All events of the platform. They share one [envelope](#envelope) and differ in `data`. How to receive them:',
    '[subscribing.md](../subscribing.md). What `identifying` and `pseudonymous` mean: [personal-data.md](../personal-data.md).',
    '',
    ...services.flatMap(({ name, topic }) => (topic === undefined ? [] : topicPart(name, topic, events))),
    ...envelopePart(events[0]),
    ...events.flatMap(eventPart),
  ].join('\n');
}

function topicPart(service: string, topic: string, events: readonly Event[]): readonly string[] {
  return [
    `## ${topic}`,
    '',
    `Published by [${service}](../../services/${service}/README.md), to every queue whose name begins with \`<stage>-${topic}--\`.`,
    '',
    ...table(
      ['event', 'meaning', 'read by'],
      events
        .filter((event) => event.topic === topic)
        .map((event) => [`[${titleOf(event)}](#${anchorOf(event)})`, event.description, readersOf(event)]),
    ),
    '',
  ];
}

function envelopePart(event: Event | undefined): readonly string[] {
  if (event === undefined) return [];
  const { properties, ...schema } = event.schema;
  const { type: _type, data: _data, ...attributes } = properties as Readonly<Record<string, JsonSchema>>;
  return [
    '## Envelope',
    '',
    'CloudEvents 1.0 in JSON, structured mode, with the extensions `sequence`, `correlationid`, `causationid`,',
    '`traceparent`, `replacedby` and `orderlyreplay`. `type` names the event and its version, `data` holds its content.',
    '',
    ...fieldTable({ ...schema, properties: attributes }),
    '',
  ];
}

function eventPart(event: Event): readonly string[] {
  const { type, topic, publisher, schema, example, description } = event;
  const { data } = schema.properties as Readonly<Record<string, JsonSchema>>;
  return [
    `## ${titleOf(event)}`,
    '',
    description,
    '',
    ...table(
      ['', ''],
      [
        ['type', `\`${type}\``],
        ['topic', topic],
        ['published by', publisher],
        ['read by', readersOf(event)],
        ['schema', `[${type}.json](../../shared/contracts/schemas/${type}.json)`],
      ],
    ),
    '',
    ...fieldTable(data ?? {}),
    '',
    '```json',
    JSON.stringify(example, undefined, 2),
    '```',
    '',
  ];
}

/** Escapes what Markdown would read as a tag. */
const escaped = (text: string): string => text.replaceAll('<', '&lt;');

const titleOf = ({ name, type }: Event): string => `${name} ${type.slice(type.lastIndexOf('.') + 1)}`;
/** The anchor that GitHub gives the heading. */
const anchorOf = (event: Event): string => titleOf(event).toLowerCase().replaceAll(' ', '-');
const readersOf = ({ subscribers }: Event): string =>
  subscribers.join(', ') || 'no service of this repository';

function fieldTable(schema: JsonSchema): readonly string[] {
  return table(['field', 'type', 'limits', 'meaning'], fieldsOf(schema, ''));
}

type Row = readonly string[];

function fieldsOf(schema: JsonSchema, prefix: string): readonly Row[] {
  const required = new Set(schema.required as readonly string[] | undefined);
  return Object.entries((schema.properties ?? {}) as Readonly<Record<string, JsonSchema>>).flatMap(
    ([name, field]) => {
      const path = `${prefix}${name}`;
      const personal = field['x-personal'] === undefined ? '' : `, ${field['x-personal']}`;
      const kind = `${field.type ?? 'constant'}${required.has(name) ? '' : ', optional'}${personal}`;
      const row = [`\`${path}\``, kind, limitsOf(field), escaped(String(field.description ?? ''))];
      const items = field.items as JsonSchema | undefined;
      return [row, ...fieldsOf(field, `${path}.`), ...(items ? fieldsOf(items, `${path}[].`) : [])];
    },
  );
}

/** The most values of an enum that are listed; the schema has all of them. */
const maxListed = 8;

function limitsOf(schema: JsonSchema): string {
  const { format, pattern, minimum, maximum, minLength, maxLength, minItems, maxItems } = schema;
  const values = schema.enum as readonly unknown[] | undefined;
  return [
    'const' in schema && `\`${schema.const}\``,
    values && values.length <= maxListed && values.map((value) => `\`${value}\``).join(', '),
    values && values.length > maxListed && `one of ${values.length}`,
    range(minimum, maximum, ''),
    range(minLength, maxLength, ' characters'),
    range(minItems, maxItems, ' items'),
    format,
    // A format is easier to read than its pattern.
    pattern !== undefined && format === undefined && `\`${String(pattern).replaceAll('|', '\\|')}\``,
  ]
    .filter(Boolean)
    .join('; ');
}

function range(min: unknown, max: unknown, unit: string): string {
  if (min === undefined && max === undefined) return '';
  if (max === undefined) return `at least ${min}${unit}`;
  return min === undefined ? `at most ${max}${unit}` : `${min} to ${max}${unit}`;
}

function table(head: Row, rows: readonly Row[]): readonly string[] {
  const line = (cells: Row) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}
