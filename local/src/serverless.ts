/** The parts of Serverless's and serverless-offline's objects that the plugin touches. */
export interface FunctionDefinition {
  readonly name: string;
  readonly events?: readonly object[];
  environment?: Record<string, unknown>;
}

export interface OfflinePlugin {
  end(skipExit?: boolean): Promise<void>;
  /** Ours: the original `end` without its exit. */
  endOnly?: () => Promise<void>;
  /** Ours: takes no more HTTP requests and waits for the running ones. */
  finishRequests?: () => Promise<void>;
  internals(): {
    getApiGatewayServer(): { stop(options: { readonly timeout: number }): Promise<void> };
  };
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
