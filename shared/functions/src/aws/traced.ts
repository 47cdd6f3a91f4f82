import { beginSpan, inClientSpan } from '../observability/span.ts';

/** A condition that does not hold is an answer, as in HTTP a 404, and conflicts are retried. */
const isRefusedWrite = (error: unknown): error is Error =>
  error instanceof Error && /^(ConditionalCheckFailed|TransactionCanceled)Exception$/.test(error.name);

interface CallContext {
  readonly clientName?: string;
  readonly commandName?: string;
}

/** What names tables in the input of a command. */
interface Target {
  readonly TableName?: string;
  readonly RequestItems?: Readonly<Record<string, unknown>>;
  readonly TransactItems?: readonly Readonly<Record<string, Target>>[];
}

type Call<Arguments, Result> = (args: Arguments) => Promise<Result>;

const callSpans =
  <Arguments extends { readonly input: object }, Result>(
    next: Call<Arguments, Result>,
    { clientName = '', commandName = '' }: CallContext,
  ): Call<Arguments, Result> =>
  (args) => {
    const service = clientName.replace(/(v\d+)?Client$/, '');
    const method = commandName.replace(/Command$/, '');
    const tables = tablesOf(args.input);
    const attributes = {
      'rpc.system': 'aws-api',
      'rpc.service': service,
      'rpc.method': method,
      ...(tables.length > 0 && { 'db.system.name': 'aws.dynamodb', 'aws.dynamodb.table_names': tables }),
    };
    return inClientSpan(`${service}.${method}`, attributes, () => next(args), isRefusedWrite);
  };

function tablesOf({ TableName, RequestItems = {}, TransactItems = [] }: Target): readonly string[] {
  const writes = TransactItems.flatMap((write) => Object.values(write));
  const tables = [TableName, ...Object.keys(RequestItems), ...writes.map((write) => write.TableName)];
  return [...new Set(tables)].filter((table) => table !== undefined);
}

interface AwsClient {
  readonly middlewareStack: {
    add(middleware: typeof callSpans, options: { readonly step: 'initialize'; readonly name: string }): void;
  };
}

/** @returns the client; where spans are on, each of its calls is one, with all attempts */
export function traced<Client extends AwsClient>(client: Client): Client {
  if (beginSpan) client.middlewareStack.add(callSpans, { step: 'initialize', name: 'spans' });
  return client;
}
