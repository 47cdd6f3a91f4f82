import { readFileSync } from 'node:fs';
import {
  type PackagedFunction,
  packageServices,
  type ServicePackage,
  type Template,
} from '@orderly/local/packages';

/** Where the calls of the functions under test are written down. */
export const { recordFile } = require('./permissions-for.cjs') as { readonly recordFile: string };

/** That a function may do something, or did it. */
export interface Permission {
  /** `<service>/<function>` */
  readonly fn: string;
  /** As IAM names it: `dynamodb:PutItem`. */
  readonly action: string;
  /** The name of a table, of `<table>/index/<index>` or of a queue, without the stage; `*` stands for any text. */
  readonly resource: string;
}

/** What the functions were seen to do since the platform under test was started. */
export function usedPermissions(record = readFileSync(recordFile, 'utf8')): readonly Permission[] {
  const lines = new Set(record.split('\n').filter(Boolean));
  return [...lines].map((line) => {
    const [fn = '', action = '', resource = ''] = line.split(' ');
    return { fn, action, resource };
  });
}

/** What the roles of the packaged templates let them do. */
export async function grantedPermissions(): Promise<readonly Permission[]> {
  const packages = await packageServices(['dev']);
  return packages.flatMap((each) => each.functions.flatMap((fn) => grantedTo(fn, each)));
}

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
}

function grantedTo({ service, name }: PackagedFunction, { stage, template }: ServicePackage): Permission[] {
  const { Resources } = template;
  const fn = Object.values(Resources).find(
    ({ Type, Properties }) =>
      Type === 'AWS::Lambda::Function' && Properties?.FunctionName === `${service}-${stage}-${name}`,
  );
  const [roleId] = Object(fn?.Properties?.Role)['Fn::GetAtt'] as readonly string[];
  const [policy] = Object(Resources[String(roleId)]?.Properties).Policies;
  return (policy.PolicyDocument.Statement as readonly Statement[]).flatMap(({ Action, Resource }) =>
    [Action].flat().flatMap((action) =>
      [Resource].flat().map((resource) => ({
        fn: `${service}/${name}`,
        action,
        resource: nameOf(resource, template).replace(`${stage}-`, ''),
      })),
    ),
  );
}

/** An ARN, or what makes one, as the name at its end. */
function nameOf(resource: unknown, template: Template): string {
  const physical = (id: string) => {
    const { TableName, QueueName } = template.Resources[id]?.Properties ?? {};
    return String(TableName ?? QueueName ?? id);
  };
  const { 'Fn::GetAtt': attribute, 'Fn::Sub': text = resource } = Object(resource);
  if (attribute !== undefined) return physical([attribute].flat()[0]);
  if (typeof text !== 'string') return JSON.stringify(resource);
  return (
    text
      .replace(/\$\{(\w+)\.Arn\}/g, (_, id) => physical(id))
      .split(':')
      .at(-1) ?? ''
  );
}
