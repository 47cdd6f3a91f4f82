import Module, { createRequire } from 'node:module';

/** A value as the host sends it to its worker. Source: https://github.com/Azure/azure-functions-language-worker-protobuf */
export type TypedData =
  | { readonly string: string }
  | { readonly json: string }
  | { readonly bytes: Buffer }
  | { readonly http: HttpData }
  | Readonly<Record<string, never>>;

export interface HttpData {
  readonly method: string;
  readonly url: string;
  readonly nullableHeaders: Readonly<Record<string, { readonly value: string }>>;
  readonly nullableParams: Readonly<Record<string, { readonly value: string }>>;
  readonly nullableQuery: Readonly<Record<string, { readonly value: string }>>;
  readonly body?: { readonly bytes: Buffer };
}

/** What a function of an HTTP trigger has answered. */
export interface HttpAnswer {
  readonly statusCode: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cookies?: readonly { readonly name: string }[];
  readonly body?: { readonly bytes?: Uint8Array; readonly string?: string };
}

export interface Binding {
  readonly type: string;
  readonly direction: 'in' | 'out';
  readonly [setting: string]: unknown;
}

export interface Metadata {
  readonly name: string;
  readonly bindings: Readonly<Record<string, Binding>>;
  readonly retryOptions?: unknown;
}

export interface RegisteredFunction {
  readonly metadata: Metadata;
  readonly callback: (...args: readonly unknown[]) => unknown;
}

interface Invocation {
  getArguments(): Promise<{ readonly context: unknown; readonly inputs: readonly unknown[] }>;
  invokeFunction(
    context: unknown,
    inputs: readonly unknown[],
    callback: RegisteredFunction['callback'],
  ): Promise<unknown>;
  getResponse(
    context: unknown,
    result: unknown,
  ): Promise<{ readonly returnValue?: { readonly http?: HttpAnswer } | null }>;
}

/** How `@azure/functions` turns what the host sends into a function's arguments, and its result into an answer. */
export interface ProgrammingModel {
  getCapabilities(capabilities: object): Promise<object>;
  getInvocationModel(context: object): Invocation;
}

export interface FunctionApp {
  readonly functions: ReadonlyMap<string, RegisteredFunction>;
  readonly model: ProgrammingModel;
}

/** What the worker says of itself. Source: getWorkerCapabilities.ts in https://github.com/Azure/azure-functions-nodejs-worker */
const CAPABILITIES = {
  RawHttpBodyBytes: 'true',
  RpcHttpTriggerMetadataRemoved: 'true',
  RpcHttpBodyOnly: 'true',
  IgnoreEmptyValuedRpcHttpHeaders: 'true',
  UseNullableValueDictionaryForHttp: 'true',
  TypedDataCollection: 'true',
};

/** Users' logs are left as they are; the library's own go to stderr from warnings on. */
export const log = (level: string, category: string, message: string): void => {
  if (category === 'user') process.stdout.write(`${message}\n`);
  else if (/^(warning|error|critical)$/.test(level)) process.stderr.write(`[${level}] ${message}\n`);
};

class Disposable {
  constructor(readonly dispose: () => void) {}
}

interface Loader {
  _load(request: string, ...rest: readonly unknown[]): unknown;
}

/**
 * Loads a function app with the real library `@azure/functions`, which gets the module `@azure/functions-core` that Azure's
 * Node.js worker gives it.
 * Source: setupCoreModule.ts in https://github.com/Azure/azure-functions-nodejs-worker
 *
 * @param bundle the app's program
 * @param packages package.json of the folder that has the library
 * @throws Error when the app registers no functions, hooks, or one that Azure refuses
 */
export const loadFunctionApp = async (bundle: string, packages: string): Promise<FunctionApp> => {
  const functions = new Map<string, RegisteredFunction>();
  let model: ProgrammingModel | undefined;
  const core = {
    version: '3.11.0',
    hostVersion: '4.1037.0',
    Disposable,
    log,
    getProgrammingModel: () => model,
    setProgrammingModel(given: ProgrammingModel) {
      model = given;
    },
    registerFunction(metadata: Metadata, callback: RegisteredFunction['callback']) {
      if (functions.has(metadata.name))
        throw new Error(`A function with name "${metadata.name}" has already been registered.`);
      functions.set(metadata.name, { metadata, callback });
      return new Disposable(() => void functions.delete(metadata.name));
    },
    registerHook(name: string) {
      throw new Error(`This host of function apps does not implement the hook ${name}.`);
    },
  };
  const installed = createRequire(packages);
  const loader = Module as unknown as Loader;
  const load = loader._load;
  loader._load = function loadModule(this: unknown, request, ...rest) {
    if (request === '@azure/functions-core') return core;
    // The bundle lies elsewhere.
    return load.call(this, request === '@azure/functions' ? installed.resolve(request) : request, ...rest);
  };
  createRequire(bundle)(bundle);
  if (model === undefined || functions.size === 0) throw new Error(`${bundle} registers no functions.`);
  await model.getCapabilities({ ...CAPABILITIES });
  return { functions, model };
};
