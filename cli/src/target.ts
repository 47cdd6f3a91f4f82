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

type Env = Readonly<Record<string, string | undefined>>;

/** Where a deployment goes that names no region (shared/serverless/service.yml). */
const DEFAULT_REGION = 'eu-central-1';

/**
 * Endpoints that were given come first, then a local platform that runs for the stage, then AWS as the SDK finds it.
 *
 * @param findPlatform the local platform of a stage, if one is running
 */
export function findTarget(
  options: GlobalOptions,
  env: Env,
  findPlatform: (stage: string) => PlatformRecord | undefined,
): Target {
  const region = options.region ?? (env.AWS_REGION || env.AWS_DEFAULT_REGION || DEFAULT_REGION);
  if (options.endpoint !== undefined) return endpointTarget(region, options.endpoint);
  const platform = options.aws ? undefined : findPlatform(options.stage);
  if (platform === undefined) return awsTarget(region, env);
  const { dynamodb, sqs } = platform;
  return {
    region: options.region ?? platform.region,
    endpoints: { dynamodb, sqs },
    description: 'the local platform',
  };
}

function endpointTarget(region: string, endpoints: Endpoints): Target {
  const places = Object.entries(endpoints).map(([service, url]) => `${service} at ${url}`);
  return { region, endpoints, description: places.join(', ') };
}

/** The SDK's own variables (https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html). */
function awsTarget(region: string, env: Env): Target {
  const dynamodb = env.AWS_ENDPOINT_URL_DYNAMODB || env.AWS_ENDPOINT_URL;
  const sqs = env.AWS_ENDPOINT_URL_SQS || env.AWS_ENDPOINT_URL;
  if (!dynamodb && !sqs) return { region, endpoints: {}, description: `AWS, ${region}` };
  return endpointTarget(region, { ...(dynamodb && { dynamodb }), ...(sqs && { sqs }) });
}

/** Emulators on this machine take any credentials, so they never get real ones. */
export function isLocal({ endpoints }: Target, service: EndpointService): boolean {
  const url = endpoints[service];
  if (url === undefined) return false;
  return /^(localhost|127(\.\d+){3}|\[::1\]|0\.0\.0\.0)$/.test(new URL(url).hostname);
}
