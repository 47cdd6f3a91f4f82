import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';

/** The release in a stack's outputs; no stack at all, or no access to it. */
type Stack = { readonly commit?: string } | 'refused';

/** A CloudFormation that has these stacks. */
export async function standIn(stacks: Readonly<Record<string, Stack>>) {
  const server = createServer(async (request, response) => {
    const name = new URLSearchParams(await text(request)).get('StackName') ?? '';
    const stack = stacks[name];
    const found = stack !== undefined && stack !== 'refused';
    response.writeHead(found ? 200 : 400, { 'content-type': 'text/xml' });
    response.end(found ? describe(name, stack.commit) : refuse(name, stack));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const endpoint = `http://127.0.0.1:${port}`;
  const credentials = { accessKeyId: 'x', secretAccessKey: 'y' };
  const cloudformation = new CloudFormationClient({ endpoint, region: 'eu-central-1', credentials });
  const stop = () => {
    cloudformation.destroy();
    server.closeAllConnections();
    server.close();
  };
  return { cloudformation, endpoint, stop };
}

const output = (key: string, value: string) =>
  `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`;

const describe = (name: string, commit: string | undefined) => `<DescribeStacksResponse><DescribeStacksResult>
  <Stacks><member>
    <StackName>${name}</StackName><CreationTime>2026-01-31T12:00:00.000Z</CreationTime>
    <StackStatus>UPDATE_ROLLBACK_COMPLETE</StackStatus>
    <Outputs>${output('HttpApiUrl', 'https://a')}${commit === undefined ? '' : output('Commit', commit)}</Outputs>
  </member></Stacks>
</DescribeStacksResult></DescribeStacksResponse>`;

const refuse = (name: string, stack: 'refused' | undefined) => {
  const [code, message] =
    stack === 'refused'
      ? ['AccessDenied', 'User: a is not authorized to perform: cloudformation:DescribeStacks']
      : ['ValidationError', `Stack with id ${name} does not exist`];
  return `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`;
};
