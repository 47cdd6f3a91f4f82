import type { JwtAuthorizer } from './jwt-authorizer.ts';

/** The parts of Serverless's, serverless-offline's and Hapi's objects that the plugin touches. */
export interface FunctionDefinition {
  readonly name: string;
  readonly events?: readonly object[];
  environment?: Record<string, unknown>;
}

export interface HttpRequest {
  /** In lower case. */
  readonly method: string;
  /** False once it is answered, or its caller is gone. */
  active(): boolean;
}

export interface HttpServer {
  stop(options: { readonly timeout: number }): Promise<void>;
  ext(
    event: 'onRequest',
    method: (request: HttpRequest, toolkit: { readonly continue: symbol }) => Promise<symbol>,
  ): void;
  readonly events: { on(event: 'response', listener: (request: HttpRequest) => void): void };
}

export interface OfflinePlugin {
  end(skipExit?: boolean): Promise<void>;
  internals(): { getApiGatewayServer(): HttpServer };
}

export interface Serverless {
  readonly serviceDir: string;
  readonly service: {
    readonly service: string;
    readonly provider: {
      readonly stage: string;
      readonly region: string;
      readonly stackName?: string;
      environment?: Record<string, unknown>;
      readonly httpApi?: { readonly authorizers?: { readonly jwt: JwtAuthorizer } };
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
