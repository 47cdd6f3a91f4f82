import { Ajv2020, type ErrorObject } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import type { JsonSchema } from '../../../tools/codegen/contracts/json-schema.ts';

// One for all: to read the schema of schemas takes long. Schemas of one id may differ here.
const ajv = new Ajv2020({ strict: true, allErrors: true, addUsedSchema: false });
addFormats(ajv);
ajv.addKeyword('x-personal');

/** What an independent JSON Schema validator, in strict mode, finds wrong; none when the value is valid. */
export function validatorOf(schema: JsonSchema): (value: unknown) => readonly ErrorObject[] {
  const validate = ajv.compile(schema);
  return (value) => (validate(value) ? [] : (validate.errors ?? []));
}
