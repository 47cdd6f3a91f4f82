import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import {
  CloudFormationClient,
  DescribeStacksCommand,
  paginateDescribeStacks,
} from '@aws-sdk/client-cloudformation';
import { DynamoDBClient, paginateListTables } from '@aws-sdk/client-dynamodb';
import { paginateListQueues, SQSClient } from '@aws-sdk/client-sqs';
import { repositoryRoot } from '@orderly/local/ports';
import { serverlessBin } from '@orderly/local/service-config';
import { folderOf, services } from '@orderly/local/services';
import { readVersion } from '@orderly/local/version';
import { Command } from 'commander';
import { openDocument } from '../../tools/codegen/documents/openapi-document.ts';
import { exampleOf, operations } from '../../tools/codegen/documents/operations.ts';
import { findDeployedStage, regionOfStages, stackName } from './deployed-stage.ts';

const command = new Command('npm run test:every-order --')
  .version(readVersion())
  .description('Deploys the services one by one in every order, and removes them again.')
  .requiredOption('--stage <name>', 'a stage that is not there yet')
  .option('--param <name=value...>', 'parameters of `sls deploy` and `sls remove`', [])
  .parse();

const { stage, param } = command.opts<{ readonly stage: string; readonly param: readonly string[] }>();
const region = regionOfStages();
const cloudformation = new CloudFormationClient({ region });
const dynamodb = new DynamoDBClient({ region });
const sqs = new SQSClient({ region });
const stacks = services.map((service) => stackName(service, stage));

/** A request that reads the table of a service, and that it answers whatever is in there: that for a list. */
function listRequest(service: string): string {
  const document = openDocument(service);
  const list = operations(document).find(({ route }) => /^GET [^{]+$/.test(route));
  if (list === undefined) throw new Error(`${service} has no list`);
  const { route, query } = exampleOf(document, list);
  return `${route.replace('GET ', '')}?${new URLSearchParams(query)}`;
}

const permutations = <T>(all: readonly T[]): readonly (readonly T[])[] =>
  all.length === 0
    ? [[]]
    : all.flatMap((first) =>
        permutations(all.filter((each) => each !== first)).map((rest) => [first, ...rest]),
      );

async function run(cwd: string, ...argv: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, argv, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text) => {
      printed += text;
    });
  }
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${argv.slice(1).join(' ')} in ${cwd} ended with ${code}:\n${printed}`);
}

const sls = (service: string, what: 'deploy' | 'remove') =>
  run(
    folderOf(service),
    serverlessBin(),
    what,
    ...['--stage', stage],
    ...param.flatMap((each) => ['--param', each]),
  );

/** An order is placed through the API, confirmed and notified. */
const orderIsConfirmed = () =>
  run(
    repositoryRoot,
    ...['--import', 'tsx', join(__dirname, 'main.ts'), '--stage', stage],
    ...['orders.e2e', '-t', 'is confirmed when everything is there'],
  );

/** @throws Error when a deploy of what is deployed touches the stack */
async function deployAgain(service: string): Promise<void> {
  const changed = async () => {
    const StackName = stackName(service, stage);
    const { Stacks: [stack] = [] } = await cloudformation.send(new DescribeStacksCommand({ StackName }));
    return stack?.LastUpdatedTime?.getTime();
  };
  const before = await changed();
  await sls(service, 'deploy');
  if ((await changed()) !== before) throw new Error(`A second deploy has changed ${service}`);
}

/** The stacks, tables and queues of the stage. */
async function resources(): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { Stacks = [] } of paginateDescribeStacks({ client: cloudformation }, {}))
    found.push(...Stacks.flatMap(({ StackName = '' }) => (stacks.includes(StackName) ? [StackName] : [])));
  for await (const { TableNames = [] } of paginateListTables({ client: dynamodb }, {}))
    found.push(...TableNames.filter((name) => name.startsWith(`${stage}-`)));
  for await (const { QueueUrls = [] } of paginateListQueues(
    { client: sqs },
    { QueueNamePrefix: `${stage}-` },
  ))
    found.push(...QueueUrls);
  return found;
}

async function answers(service: string): Promise<void> {
  const { url } = (await findDeployedStage(stage, [service])).services[service] ?? {};
  const request = listRequest(service);
  const { status } = await fetch(`${url}${request}`);
  if (status !== 200) throw new Error(`${service} answers ${request} with ${status}`);
}

async function main(): Promise<void> {
  const there = await resources();
  if (there.length > 0) throw new Error(`The stage ${stage} is there already: ${there.join(', ')}`);
  for (const order of permutations(services)) {
    const began = Date.now();
    for (const service of order) await sls(service, 'deploy');
    await orderIsConfirmed();
    for (const service of order) await deployAgain(service);
    for (const [index, service] of order.entries()) {
      await sls(service, 'remove');
      for (const other of order.slice(index + 1)) await answers(other);
    }
    const left = await resources();
    if (left.length > 0) throw new Error(`The removal has left ${left.join(', ')}`);
    const seconds = Math.round((Date.now() - began) / 1000);
    process.stdout.write(
      `${order.join(', ')}: deployed, confirmed, unchanged, removed in ${seconds} s; nothing left\n`,
    );
    // On AWS the name of a deleted queue is free after a minute.
    if (process.env.AWS_ENDPOINT_URL === undefined) await setTimeout(60_000);
  }
}

main().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
