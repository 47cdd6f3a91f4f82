// A global script, not a module: it declares what has no types of its own.
declare module 'compiled:*' {
  /** Made by compiled-schema.ts when the benchmark bundles. */
  const validate: {
    (value: unknown): boolean;
    readonly errors?: readonly { readonly instancePath: string; readonly message?: string }[] | null;
  };
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
