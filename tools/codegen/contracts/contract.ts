import { type EventDefinition, eventDefinitions } from '../../../shared/contracts/src/index.ts';
import { sampleEvent } from '../../../shared/contracts/src/testing.ts';
import { type JsonSchema, jsonSchemaOf } from './json-schema.ts';

/** The part of an event's version that readers rely on. */
export interface Contract {
  readonly topic: string;
  readonly type: string;
  readonly schema: JsonSchema;
}

/** A contract with a valid event. */
export interface ShownContract extends Contract {
  readonly example: JsonSchema;
}

/** The contract of a definition. */
export function contractOf({
  topic,
  type,
  name,
  description,
  dataschema,
  schema,
}: EventDefinition): Contract {
  return {
    topic,
    type,
    schema: {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $id: dataschema,
      title: name,
      ...(description === undefined ? {} : { description }),
      ...jsonSchemaOf(schema),
    },
  };
}

/** The contracts of all events, from the current source. */
export function workingContracts(): readonly Contract[] {
  return eventDefinitions.map(contractOf);
}

/** The same, each with the event's sample. @throws TypeError when a sample is not what its definition says now */
export function shownContracts(): readonly ShownContract[] {
  return eventDefinitions.map((definition) => ({
    ...contractOf(definition),
    example: { ...sampleEvent(definition) },
  }));
}
