import { readVersion } from '@orderly/local/version';
import type { About, Feature } from '../api.ts';
import type { Platform } from '../platform.ts';

const COST_NOTICE =
  'This page asks AWS each half minute: some 40 SQS requests and 15 CloudWatch metrics, about two cents an hour. A search or an order is a few reads of DynamoDB.';

const onAws: readonly Feature[] = ['replay', 'retry-notifications'];
const locally: readonly Feature[] = ['functions', 'services', 'place-orders', 'api', 'webhooks'];

const featuresOf = ({ local }: Platform): readonly Feature[] => {
  if (local === undefined) return onAws;
  if (local.cloud !== undefined) return [...locally, 'history', 'messages'];
  const always: readonly Feature[] = [...onAws, ...locally, 'cold-starts', 'faults'];
  return local.aws?.sqs === undefined ? always : [...always, 'history', 'item-history', 'messages'];
};

const absentOf = ({ local }: Platform): About['absent'] => {
  if (local === undefined) {
    return {
      faults: 'Faults can be tried out on the local platform only: npm start, then this view.',
      'item-history': 'A deployed stage keeps no history of its items.',
    };
  }
  if (local.cloud === undefined) return {};
  const { name } = local.cloud;
  return {
    faults: `On the libraries of ${name}, a service can be stopped in the list of services; single faults are tried out without --cloud.`,
    'item-history': 'PostgreSQL keeps no history of the items.',
  };
};

export const readAbout = (platform: Platform, startedAt: number): About => ({
  mode: platform.local === undefined ? 'aws' : 'local',
  stage: platform.stage,
  region: platform.target.region,
  version: readVersion(),
  startedAt,
  canChange: platform.canChange,
  features: featuresOf(platform),
  absent: absentOf(platform),
  ...(platform.local?.cloud && { libraries: platform.local.cloud.name }),
  ...(platform.local === undefined && { costNotice: COST_NOTICE }),
});
