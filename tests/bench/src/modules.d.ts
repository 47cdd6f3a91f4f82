// A global script, not a module: it declares what has no types of its own.
declare module 'compiled:product-schema' {
  /** Made by compiled-schema.ts when the benchmark bundles. */
  const validate: (event: unknown) => boolean;
  export default validate;
}

declare module '@aws-lite/dynamodb' {
  /** Its types are a package of their own; of these, what is called here. */
  export interface DynamoDB {
    PutItem(input: {
      readonly TableName: string;
      readonly Item: Readonly<Record<string, unknown>>;
      readonly ConditionExpression: string;
    }): Promise<unknown>;
  }
  const plugin: Promise<unknown>;
  export default plugin;
}
