import { type CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';

/**
 * The commit of which a service was last released to a stage, from the output of its stack; a release that was
 * rolled back has taken its own away with it.
 *
 * @returns undefined when there is no stack, or it was deployed by hand
 */
export async function releasedCommit(
  cloudformation: CloudFormationClient,
  service: string,
  stage: string,
): Promise<string | undefined> {
  const StackName = `orderly-${service}-${stage}`;
  try {
    const { Stacks } = await cloudformation.send(new DescribeStacksCommand({ StackName }));
    const output = Stacks?.[0]?.Outputs?.find(({ OutputKey }) => OutputKey === 'Commit');
    return output?.OutputValue === 'unknown' ? undefined : output?.OutputValue;
  } catch (error) {
    if (error instanceof Error && error.message.endsWith('does not exist')) return undefined;
    throw error;
  }
}
