import type { PlatformRecord } from '@orderly/local/platform-record';
import { type EndpointService, type Endpoints, endpointServices } from './endpoint.ts';
import { UsageFailure } from './failure.ts';
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

/** What is known of the platforms that run on this machine. */
export interface LocalPlatforms {
  /** @returns undefined when none runs for the stage */
  find(stage: string): PlatformRecord | undefined;
  /** The stages for which one runs. */
  stages(): readonly string[];
}

/**
 * AWS is worked on only with `--aws`: a misspelt stage must not end there. Else it is the endpoints that were given,
 * the local platform that runs for the stage, or the endpoints of the SDK's own variables.
 *
 * @throws UsageFailure when there is none of these
 */
export function findTarget(options: GlobalOptions, env: Env, platforms: LocalPlatforms): Target {
  const { stage, aws = false, endpoint } = options;
  const region = options.region ?? (env.AWS_REGION || env.AWS_DEFAULT_REGION || DEFAULT_REGION);
  if (endpoint !== undefined) return givenTarget(region, endpoint, aws);
  const platform = aws ? undefined : platforms.find(stage);
  if (platform?.cloud !== undefined) {
    throw new UsageFailure(
      `The platform of the stage ${stage} runs on the libraries of ${platform.cloud}: this works on DynamoDB and SQS only.`,
    );
  }
  if (platform !== undefined) {
    const { dynamodb, sqs } = platform;
    return {
      region: options.region ?? platform.region,
      endpoints: { dynamodb, sqs },
      description: 'the local platform',
    };
  }
  const endpoints = endpointsOf(env);
  if (aws || isComplete(endpoints)) return targetAt(region, endpoints);
  throw new UsageFailure(nothingRuns(stage, platforms.stages()));
}

function givenTarget(region: string, endpoints: Endpoints, aws: boolean): Target {
  if (aws || isComplete(endpoints)) return targetAt(region, endpoints);
  const missing = endpointServices.filter((service) => endpoints[service] === undefined);
  throw new UsageFailure(
    `--endpoint does not say where ${missing.join(' and ')} is: add --endpoint ${missing[0]}=<url>, or --aws when it is on AWS.`,
  );
}

function nothingRuns(stage: string, running: readonly string[]): string {
  const others =
    running.length === 0
      ? 'Start one with npm start'
      : `One runs for ${running.join(', ')}: name it with --stage, or start one with npm start`;
  return `No local platform runs for the stage ${stage}. ${others}. To work on the stage ${stage} on AWS, add --aws.`;
}

const isComplete = (endpoints: Endpoints): boolean =>
  endpointServices.every((service) => endpoints[service] !== undefined);

function targetAt(region: string, endpoints: Endpoints): Target {
  const places = Object.entries(endpoints).map(([service, url]) => `${service} at ${url}`);
  const description = isComplete(endpoints) ? places.join(', ') : [`AWS, ${region}`, ...places].join(', ');
  return { region, endpoints, description };
}

/** The SDK's own variables (https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html). */
function endpointsOf(env: Env): Endpoints {
  const dynamodb = env.AWS_ENDPOINT_URL_DYNAMODB || env.AWS_ENDPOINT_URL;
  const sqs = env.AWS_ENDPOINT_URL_SQS || env.AWS_ENDPOINT_URL;
  return { ...(dynamodb && { dynamodb }), ...(sqs && { sqs }) };
}

/** Emulators on this machine take any credentials, so they never get real ones. */
export function isLocal({ endpoints }: Target, service: EndpointService): boolean {
  const url = endpoints[service];
  if (url === undefined) return false;
  return /^(localhost|127(\.\d+){3}|\[::1\]|0\.0\.0\.0)$/.test(new URL(url).hostname);
}
