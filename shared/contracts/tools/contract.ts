import { type EventDefinition, eventDefinitions } from '../src/index.ts';
import { sampleEvent } from '../src/testing.ts';
import { type JsonSchema, jsonSchemaOf } from './json-schema.ts';

/** What readers of one version of an event rely on. */
export interface Contract {
  readonly topic: string;
  readonly type: string;
  readonly schema: JsonSchema;
  readonly example: JsonSchema;
}

/** The contract that a definition stands for. @throws TypeError when the event has no sample */
export function contractOf(definition: EventDefinition, example: object = sampleEvent(definition)): Contract {
  const { topic, type, name, description, dataschema } = definition;
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: dataschema,
    title: name,
    ...(description === undefined ? {} : { description }),
    ...jsonSchemaOf(definition.schema),
  };
  return { topic, type, schema, example: { ...example } };
}

/** The contracts of every event as the source has them now. */
export function workingContracts(): readonly Contract[] {
  return eventDefinitions.map((definition) => contractOf(definition));
}
