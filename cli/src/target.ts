import type { PlatformRecord } from '@orderly/local/platform-record';
import type { EndpointService, Endpoints } from './endpoint.ts';
import type { GlobalOptions } from './global-options.ts';

/** Where a command works. */
export interface Target {
  readonly region: string;
  /** A service without one is on AWS. */
  readonly endpoints: Endpoints;
  /** For people: which platform this is. */
  readonly description: string;
}

/** Where a deployment goes that names no region (shared/serverless/service.yml). */
const DEFAULT_REGION = 'eu-central-1';

/**
 * Endpoints that were given come first, then a local platform that runs for the stage, then AWS.
 *
 * @param findPlatform the local platform of a stage, if one is running
 */
export function findTarget(
  options: GlobalOptions,
  env: Readonly<Record<string, string | undefined>>,
  findPlatform: (stage: string) => PlatformRecord | undefined,
): Target {
  const region = options.region ?? (env.AWS_REGION || env.AWS_DEFAULT_REGION || DEFAULT_REGION);
  if (options.endpoint !== undefined) {
    const places = Object.entries(options.endpoint).map(([service, url]) => `${service} at ${url}`);
    return { region, endpoints: options.endpoint, description: places.join(', ') };
  }
  const platform = options.aws ? undefined : findPlatform(options.stage);
  if (platform === undefined) return { region, endpoints: {}, description: `AWS, ${region}` };
  const { dynamodb, sqs } = platform;
  return {
    region: options.region ?? platform.region,
    endpoints: { dynamodb, sqs },
    description: 'the local platform',
  };
}

/** Emulators on this machine take any credentials, so they never get real ones. */
export function isLocal({ endpoints }: Target, service: EndpointService): boolean {
  const url = endpoints[service];
  if (url === undefined) return false;
  return /^(localhost|127(\.\d+){3}|\[::1\]|0\.0\.0\.0)$/.test(new URL(url).hostname);
}
