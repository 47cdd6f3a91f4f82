import type { JwtAuthorizer } from './jwt-authorizer.ts';

/** The parts of Serverless's, serverless-offline's and Hapi's objects that the plugin touches. */
export interface FunctionDefinition {
  readonly name: string;
  readonly events?: readonly object[];
  /** Megabytes. */
  readonly memorySize?: number;
  /** Seconds. */
  readonly timeout?: number;
  environment?: Record<string, unknown>;
}

/** CORS of an HTTP API, as the plugin's edge.cjs configures it. */
export interface Cors {
  readonly allowedOrigins: readonly string[];
  readonly allowedMethods: readonly string[];
  readonly allowedHeaders: readonly string[];
  readonly exposedResponseHeaders: readonly string[];
  /** Seconds. */
  readonly maxAge: number;
}

type AnswerHeaders = Record<string, unknown>;

export interface HttpRequest {
  /** In lower case, but for HEAD; see http-api.ts. */
  method: string;
  readonly headers: Record<string, string | undefined>;
  readonly payload: unknown;
  readonly raw: { readonly req: { readonly url: string; readonly rawHeaders: string[] } };
  /** In `onPreResponse`: an answer, or an error with the answer that it comes to. */
  readonly response:
    | { readonly headers: AnswerHeaders; readonly source?: unknown }
    | { readonly output: { readonly headers: AnswerHeaders } };
  setUrl(url: string): void;
  /** False once it is answered, or its caller is gone. */
  active(): boolean;
}

export interface HttpToolkit {
  readonly continue: symbol;
  /** Makes another answer. */
  response(body: object): { code(status: number): { readonly headers: AnswerHeaders } };
}

export interface HttpServer {
  stop(options: { readonly timeout: number }): Promise<void>;
  ext(
    event: 'onRequest' | 'onPreHandler' | 'onPreResponse',
    method: (request: HttpRequest, toolkit: HttpToolkit) => unknown,
  ): void;
  readonly events: { on(event: 'response', listener: (request: HttpRequest) => void): void };
}

/** A worker of serverless-offline, idle or new. It is busy as soon as `runHandler` is called. */
export interface OfflineFunction {
  readonly functionName: string;
  setClientContext(context: undefined): void;
  setEvent(event: unknown): void;
  /** Rejects when the function throws, takes longer than its timeout, or its worker ends. */
  runHandler(): Promise<unknown>;
}

/** What stands behind serverless-offline's Lambda API. */
export interface OfflineLambda {
  listFunctionNames(): readonly string[];
  getByFunctionName(functionName: string): OfflineFunction;
}

export interface OfflinePlugin {
  end(skipExit?: boolean): Promise<void>;
  internals(): { getApiGatewayServer(): HttpServer };
}

/** Checks serverless.yml against a JSON schema to which plugins have added theirs. */
export interface ConfigSchemaHandler {
  readonly schema: object;
  readonly constructor: { getConfigurationValidationResult(configuration: object): boolean | null };
  validateConfig(configuration: object): Promise<void>;
}

export interface Serverless {
  /** serverless.yml as it was read. */
  readonly configurationInput: object;
  readonly configSchemaHandler: ConfigSchemaHandler;
  readonly serviceDir: string;
  readonly service: {
    readonly service: string;
    readonly provider: {
      readonly stage: string;
      readonly region: string;
      readonly stackName?: string;
      readonly memorySize?: number;
      readonly timeout?: number;
      environment?: Record<string, unknown>;
      httpApi?: {
        readonly authorizers?: { readonly jwt: JwtAuthorizer };
        readonly cors?: Cors | undefined;
      };
    };
    readonly functions: Readonly<Record<string, FunctionDefinition>>;
    readonly resources: unknown;
    custom?: Record<string, Record<string, unknown>>;
  };
  readonly pluginManager: { readonly plugins: readonly object[] };
}

export interface Log {
  notice(message: string): void;
  warning(message: string): void;
  error(message: string): void;
}
