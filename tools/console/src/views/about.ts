import { readVersion } from '@orderly/local/version';
import type { About, Feature } from '../api.ts';
import type { Platform } from '../platform.ts';

const COST_NOTICE =
  'This page asks AWS each half minute: some 40 SQS requests and 15 CloudWatch metrics, about two cents an hour. A search or an order is a few reads of DynamoDB.';

const featuresOf = ({ local }: Platform): readonly Feature[] => {
  if (local === undefined) return [];
  const always: readonly Feature[] = ['functions', 'place-orders', 'api', 'faults', 'webhooks'];
  return local.aws?.sqs === undefined ? always : [...always, 'history', 'messages'];
};

export const readAbout = (platform: Platform, startedAt: number): About => ({
  mode: platform.local === undefined ? 'aws' : 'local',
  stage: platform.stage,
  region: platform.target.region,
  version: readVersion(),
  startedAt,
  canChange: platform.canChange,
  features: featuresOf(platform),
  ...(platform.local === undefined && { costNotice: COST_NOTICE }),
});
