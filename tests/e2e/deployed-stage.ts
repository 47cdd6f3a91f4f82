import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { services } from '@orderly/local/services';

/** A stage on AWS, or on an emulator of it. */
export interface DeployedStage {
  readonly stage: string;
  readonly region: string;
  readonly services: Readonly<Record<string, { readonly url: string }>>;
}

/** Where a deployment goes that names no region: shared/serverless/service.yml has both. */
const DEFAULT_REGION = 'eu-central-1';
export const regionOfStages = (): string => process.env.AWS_REGION || DEFAULT_REGION;

/** As shared/serverless/service.yml names it. */
export const stackName = (service: string, stage: string): string => `orderly-${service}-${stage}`;

/**
 * Finds services of a stage, all of them where none are named, by the outputs of their stacks.
 *
 * @throws Error that names a stack which is not there, or has no URL
 */
export async function findDeployedStage(
  stage: string,
  names: readonly string[] = services,
): Promise<DeployedStage> {
  const region = regionOfStages();
  const cloudformation = new CloudFormationClient({ region });
  const found = await Promise.all(
    names.map(async (service) => {
      const StackName = stackName(service, stage);
      const { Stacks = [] } = await cloudformation.send(new DescribeStacksCommand({ StackName }));
      const output = Stacks[0]?.Outputs?.find(({ OutputKey }) => OutputKey === 'HttpApiUrl')?.OutputValue;
      if (output === undefined) throw new Error(`The stack ${StackName} has no output HttpApiUrl`);
      return [service, { url: reachable(output) }] as const;
    }),
  );
  cloudformation.destroy();
  return { stage, region, services: Object.fromEntries(found) };
}

/**
 * An emulator's stacks say URLs of AWS. It serves them below a path of its own, which LocalStack has introduced:
 * https://docs.localstack.cloud/aws/services/apigateway/
 */
function reachable(url: string): string {
  const { AWS_ENDPOINT_URL: endpoint } = process.env;
  const [, id] = /^https:\/\/(\w+)\.execute-api\./.exec(url) ?? [];
  return endpoint && id ? `${endpoint.replace(/\/$/, '')}/_aws/execute-api/${id}/$default` : url;
}
