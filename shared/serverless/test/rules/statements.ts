import type { Template } from '@orderly/local/packages';
import { list, type Properties } from './rule.ts';

export interface Statement {
  /** The resource whose policy it is. */
  readonly owner: string;
  readonly statement: Properties;
}

/** Every statement of every policy, whatever it is a policy of. */
export const statementsOf = ({ Resources }: Template): readonly Statement[] =>
  Object.entries(Resources).flatMap(([id, { Properties }]) => statementsIn(id, Properties));

const statementsIn = (owner: string, value: unknown): Statement[] => {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'Statement'
      ? list(inner).map((statement) => ({ owner, statement: Object(statement) }))
      : statementsIn(owner, inner),
  );
};

/**
 * The statements that let someone do something. Not those of a key's policy: they are about that key alone, and
 * must leave the rest to the roles of its account.
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
 */
export const allowances = (template: Template): readonly Statement[] =>
  statementsOf(template).filter(
    ({ owner, statement }) =>
      statement.Effect === 'Allow' && template.Resources[owner]?.Type !== 'AWS::KMS::Key',
  );

export const actionsOf = ({ statement }: Statement): readonly string[] => list(statement.Action).map(String);

export const roleAllows = (template: Template, role: string, action: string): boolean =>
  allowances(template).some((allowed) => allowed.owner === role && actionsOf(allowed).includes(action));
