/** Where a running platform answers; what `@orderly/local/platform` records. */
export interface Platform {
  readonly stage: string;
  readonly region: string;
  /** Endpoint of SQS. */
  readonly sqs: string;
  /** A token that may do all that the demo does; absent where the APIs are open. */
  readonly token?: () => Promise<string>;
  readonly services: Readonly<Record<'orders' | 'inventory' | 'notifications', { readonly url: string }>>;
}

/** How a platform is found or started; `@orderly/local/platform` behind an interface. */
export interface PlatformSource {
  /** The platform of this stage that runs on this machine, if there is one. */
  find(stage: string): Promise<Platform | undefined>;
  start(stage: string, log: (line: string) => void): Promise<Platform & { stop(): Promise<void> }>;
}

export interface Lease {
  readonly platform: Platform;
  /** Whether this run started it. */
  readonly startedHere: boolean;
  /** Stops the platform if this run started it. */
  release(): Promise<void>;
}

/** Uses the platform that runs, or starts one that ends with the run. */
export const leasePlatform = async (
  source: PlatformSource,
  stage: string,
  log: (line: string) => void,
): Promise<Lease> => {
  const running = await source.find(stage);
  if (running) {
    log(`Using the platform that is running (orders at ${running.services.orders.url}).`);
    return { platform: running, startedHere: false, release: async () => {} };
  }
  log('No platform is running: starting one.');
  const started = await source.start(stage, log);
  return {
    platform: started,
    startedHere: true,
    release: async () => {
      log('Stopping the platform that was started for this run.');
      await started.stop();
    },
  };
};
