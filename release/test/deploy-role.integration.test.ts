import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { packageServices } from '@orderly/local/packages';
import { parse } from 'yaml';

const root = resolve(__dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

interface Statement {
  readonly Action: readonly string[];
}

/** `AWS::SQS::Queue` belongs to `sqs`. */
const serviceOf = (type: string) => (type.split('::')[1] ?? '').toLowerCase().replace(/v2$/, '');

it('the role of the pipeline may touch each kind of resource that a stack has', async () => {
  const packages = await packageServices(['prod']);
  const { Policies } = parse(read('release/deploy-role.yml'), { logLevel: 'silent' }).Resources.DeployRole
    .Properties;
  const statements = Policies[0].PolicyDocument.Statement as readonly Statement[];
  const granted = new Set(statements.flatMap(({ Action }) => Action).map((action) => action.split(':')[0]));

  const types = packages.flatMap(({ template }) => Object.values(template.Resources).map(({ Type }) => Type));
  // Only in a stage whose alarms go to an e-mail address.
  types.push(...(read('shared/serverless/alarm-topic.yml').match(/AWS::\w+::\w+(?=\n)/g) ?? []));
  const needed = new Set(types.map(serviceOf));

  expect([...needed].sort()).toEqual(expect.arrayContaining(['dynamodb', 'kms', 'lambda', 'sns', 'sqs']));
  expect([...needed].filter((service) => !granted.has(service))).toEqual([]);
});
