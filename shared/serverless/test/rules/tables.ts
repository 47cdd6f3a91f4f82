import type { Template } from '@orderly/local/packages';
import { at, findings, ofType, type Rule, type Rules } from './rule.ts';

const tablesOf = (template: Template) => ofType(template, 'AWS::DynamoDB::Table');

const outliveTheStack: Rule = ({ template, stage }) =>
  findings(
    stage === 'prod' ? [...tablesOf(template), ...ofType(template, 'AWS::Logs::LogGroup')] : [],
    (_properties, id) => {
      const { DeletionPolicy, UpdateReplacePolicy } = template.Resources[id] ?? {};
      return DeletionPolicy !== 'RetainExceptOnCreate' || UpdateReplacePolicy !== 'Retain';
    },
    'is deleted with its stack, or stays when its first deploy fails',
  );

/** CloudFormation could not take it back when its first deploy fails; see data-protection.cjs. */
const areProtectedLater: Rule = ({ template }) =>
  findings(
    tablesOf(template),
    ({ DeletionProtectionEnabled }) => DeletionProtectionEnabled !== undefined,
    'is protected before its stack stands',
  );

export const tableRules = {
  'tables can be restored to a point in time': ({ template }) =>
    findings(
      tablesOf(template),
      (table) => at(table, 'PointInTimeRecoverySpecification', 'PointInTimeRecoveryEnabled') !== true,
      'has no point-in-time recovery',
    ),
  'tables are paid on demand': ({ template }) =>
    findings(tablesOf(template), ({ BillingMode }) => BillingMode !== 'PAY_PER_REQUEST', 'is provisioned'),
  'tables and logs of prod outlive their stack, but not a first deploy that fails': outliveTheStack,
  'tables are protected from deletion only when their stack stands': areProtectedLater,
} satisfies Rules;
