import { findings, functionsOf, idOf, list, ofType, type Rule, type Rules } from './rule.ts';
import { actionsOf, allowances, roleAllows } from './statements.ts';
import { wildcardGrants } from './wildcards.ts';

const noWildcardAction: Rule = ({ template }) => [
  ...allowances(template).flatMap((allowed) => [
    ...actionsOf(allowed)
      .filter((action) => action.includes('*'))
      .map((action) => `${allowed.owner}: allows ${action}`),
    ...('NotAction' in allowed.statement ? [`${allowed.owner}: allows all but some actions`] : []),
  ]),
  ...functionsOf(template)
    .map(([, { Role }]) => idOf(Role))
    .filter((role) => list(template.Resources[role]?.Properties?.ManagedPolicyArns).length > 0)
    .map((role) => `${role}: has a managed policy, which allows more than the function needs`),
];

const noUnlistedWildcardResource: Rule = ({ template }) => [
  ...wildcardGrants(template)
    .filter(({ listed }) => !listed)
    .map(({ text }) => text),
  ...allowances(template)
    .filter(({ statement }) => 'NotResource' in statement)
    .map(({ owner }) => `${owner}: allows something on all but some resources`),
];

const oneRolePerFunction: Rule = ({ template }) => {
  const functions = functionsOf(template).map(([id, { Role }]) => ({ id, role: idOf(Role) }));
  const properties = JSON.stringify(Object.values(template.Resources).map(({ Properties }) => Properties));
  const isUsed = (role: string) =>
    properties.includes(`["${role}",`) || properties.includes(`"Ref":"${role}"`);
  return [
    ...functions
      .filter(({ role }) => template.Resources[role]?.Type !== 'AWS::IAM::Role')
      .map(({ id }) => `${id}: has a role from elsewhere`),
    ...functions
      .filter(({ id, role }) => functions.some((other) => other.id !== id && other.role === role))
      .map(({ id, role }) => `${id}: shares ${role}`),
    ...findings(ofType(template, 'AWS::IAM::Role'), (_, id) => !isUsed(id), 'is used by nothing'),
  ];
};

const functionsCreateNoLogGroups: Rule = ({ template }) =>
  functionsOf(template)
    .map(([, { Role }]) => idOf(Role))
    .filter((role) => roleAllows(template, role, 'logs:CreateLogGroup'))
    .map((role) => `${role}: may create log groups`);

/** The path keeps the pipelines of other stages out; see tools/release/deploy-role.yml. */
const rolesAreBound: Rule = ({ template, stage }) =>
  findings(
    ofType(template, 'AWS::IAM::Role'),
    ({ Path, PermissionsBoundary }) =>
      Path !== `/orderly/${stage}/` || (stage === 'prod' && typeof PermissionsBoundary !== 'string'),
    'is not bound to its stage',
  );

export const policyRules = {
  'roles are bound to their stage': rolesAreBound,
  'no policy allows a wildcard action': noWildcardAction,
  'no policy allows a wildcard resource that is not listed': noUnlistedWildcardResource,
  'every function has a role of its own, and no role is unused': oneRolePerFunction,
  'no function creates log groups, or brings back removed ones': functionsCreateNoLogGroups,
} satisfies Rules;
