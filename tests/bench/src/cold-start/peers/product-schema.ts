/** The event of the job as JSON Schema, with a body that is parsed already. */
export const productSchema = {
  type: 'object',
  required: ['body'],
  properties: {
    body: {
      type: 'object',
      required: ['name', 'price'],
      properties: { name: { type: 'string', minLength: 1 }, price: { type: 'integer', minimum: 0 } },
    },
  },
} as const;
