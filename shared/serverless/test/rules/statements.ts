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

/** The statements that let someone do something. */
export const allowances = (template: Template): readonly Statement[] =>
  statementsOf(template).filter(({ statement }) => statement.Effect === 'Allow');

export const actionsOf = ({ statement }: Statement): readonly string[] => list(statement.Action).map(String);

export const roleAllows = (template: Template, role: string, action: string): boolean =>
  allowances(template).some((allowed) => allowed.owner === role && actionsOf(allowed).includes(action));
