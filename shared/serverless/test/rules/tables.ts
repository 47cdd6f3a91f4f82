import type { Template } from '@orderly/local/packages';
import { at, findings, ofType, type Rule, type Rules } from './rule.ts';

const tablesOf = (template: Template) => ofType(template, 'AWS::DynamoDB::Table');

const outliveTheStack: Rule = ({ template, stage }) =>
  findings(
    stage === 'prod' ? tablesOf(template) : [],
    ({ DeletionProtectionEnabled }, id) => {
      const { DeletionPolicy, UpdateReplacePolicy } = template.Resources[id] ?? {};
      return (
        DeletionProtectionEnabled !== true || DeletionPolicy !== 'Retain' || UpdateReplacePolicy !== 'Retain'
      );
    },
    'can be deleted',
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
  'tables of prod outlive their stack, and nobody deletes them by mistake': outliveTheStack,
} satisfies Rules;
