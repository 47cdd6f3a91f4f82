import { apiRules } from './apis.ts';
import { encryptionRules } from './encryption.ts';
import { eventSourceRules } from './event-sources.ts';
import { functionRules } from './functions.ts';
import { policyRules } from './policies.ts';
import { queueRules } from './queues.ts';
import { routeRules } from './routes.ts';
import { stackRules } from './stacks.ts';
import { tableRules } from './tables.ts';

/** What holds for the template of every service and stage. */
export const rules = {
  ...policyRules,
  ...queueRules,
  ...eventSourceRules,
  ...tableRules,
  ...encryptionRules,
  ...functionRules,
  ...apiRules,
  ...routeRules,
  ...stackRules,
};

export type RuleName = keyof typeof rules;
