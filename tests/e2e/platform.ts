import { findPlatform, type PlatformRecord } from '@orderly/local/platform';
import * as support from '@orderly/support/platform';
import type { DeployedStage } from './deployed-stage.ts';

const fromEnvironment = (): DeployedStage | undefined => {
  const { ORDERLY_DEPLOYED_STAGE: json } = process.env;
  return json === undefined ? undefined : (JSON.parse(json) as DeployedStage);
};

/** Whether a deployed stage is under test, and not the local platform. */
export const isDeployed = (): boolean => fromEnvironment() !== undefined;

/** The local platform under test: started by the suite (see jest/start-platform.ts). */
export function localPlatform(): PlatformRecord {
  const stage = process.env.ORDERLY_STAGE;
  const record = stage === undefined ? undefined : findPlatform(stage);
  if (record === undefined) throw new Error('No platform is running for this suite');
  return record;
}

/** What is under test: stage, region and the URL of each service. */
export const platform = (): Pick<PlatformRecord, 'stage' | 'region'> & DeployedStage =>
  fromEnvironment() ?? localPlatform();

/** The base URL of a service. @throws Error for one that the platform does not have */
export const urlOf = (service: string): string => support.urlOf(platform(), service);

/** How a client of the tests reaches the tables or queues under test; a deployed stage's are found as the SDK does. */
export function clientOptions(service: 'dynamodb' | 'sqs') {
  const { region } = platform();
  if (isDeployed()) return { region };
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  return { region, endpoint: localPlatform()[service], credentials };
}

/** The environment of a program that uses the tables and queues under test. */
export function programEnvironment(): Record<string, string> {
  const { stage, region } = platform();
  if (isDeployed()) return { STAGE: stage, AWS_REGION: region };
  const { dynamodb, sqs } = localPlatform();
  return {
    STAGE: stage,
    AWS_REGION: region,
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb,
    AWS_ENDPOINT_URL_SQS: sqs,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  };
}
