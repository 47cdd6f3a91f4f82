import { type JsonSchema as ConvertedSchema, toJsonSchema } from '@valibot/to-json-schema';
import { OrderId, type Schema, Timestamp } from '../../../shared/contracts/src/index.ts';

/** A JSON Schema (2020-12), or a part of one. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Formats for code generators beside our own patterns. Both patterns admit less than their format. */
const formats = new Map<object, string>([
  ...OrderId.pipe.map((action) => [action, 'uuid'] as const),
  ...Timestamp.pipe.map((action) => [action, 'date-time'] as const),
]);

/**
 * The JSON Schema of the values that `schema` accepts, without `$schema`. Further properties are allowed, as in `parse`.
 *
 * @throws Error when the schema uses something that this has no translation for: nothing is left out silently
 */
export function jsonSchemaOf(schema: Schema<unknown>): JsonSchema {
  const { $schema: _, ...converted } = toJsonSchema(schema, {
    target: 'draft-2020-12',
    overrideAction: ({ valibotAction: action, jsonSchema }) => {
      // Brands exist for the compiler only.
      if (action.type === 'brand') return jsonSchema;
      const requirement: unknown = 'requirement' in action ? action.requirement : undefined;
      if (!(requirement instanceof RegExp) || !/^u?$/.test(requirement.flags)) return undefined;
      // JSON Schema patterns are Unicode patterns, so the flag `u` can be omitted. valibot's formats admit less than
      // those of JSON Schema, so their patterns are included, too.
      const pattern = requirement.source;
      if (jsonSchema.pattern !== undefined && jsonSchema.pattern !== pattern) {
        throw new Error(
          `Two patterns in one place, ${jsonSchema.pattern} and ${pattern}: JSON Schema has one`,
        );
      }
      return withFormat({ ...jsonSchema, pattern }, formats.get(action));
    },
  });
  return converted;
}

function withFormat(schema: ConvertedSchema, format: string | undefined): ConvertedSchema {
  return format === undefined ? schema : { ...schema, format };
}
