import { CreateQueueCommand, GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { parse } from 'yaml';

/** CloudFormation's short form of a reference: `!GetAtt Subscription.Arn`. */
class Reference {
  readonly name: string;

  constructor(text: string) {
    this.name = text.split('.')[0] ?? text;
  }
}

interface QueueProperties extends Readonly<Record<string, unknown>> {
  readonly QueueName: string;
  readonly RedrivePolicy?: { readonly deadLetterTargetArn: Reference; readonly maxReceiveCount: number };
  readonly Tags?: readonly { readonly Key: string; readonly Value: string }[];
}

/** The parts of serverless.yml that are used here. */
export interface Template {
  readonly functions: {
    readonly 'consume-__topic__': {
      readonly timeout: number;
      readonly environment: Readonly<Record<string, string>>;
    };
  };
  readonly resources: {
    readonly Resources: {
      readonly Subscription: { readonly Properties: QueueProperties };
      readonly SubscriptionFailures: { readonly Properties: QueueProperties };
    };
  };
}

/** Reads serverless.yml and fills in its only variable here, the stage. */
export function readTemplate(yaml: string, stage: string): Template {
  const customTags = ['!GetAtt', '!Ref'].map((tag) => ({
    tag,
    resolve: (text: string) => new Reference(text),
  }));
  return parse(yaml.replaceAll(/\$\{sls:stage\}/g, stage), { customTags }) as Template;
}

/** Creates the missing resources of the template. @returns the subscription's URL and ARN */
export async function createResources({ resources }: Template): Promise<{ url: string; arn: string }> {
  const { Subscription, SubscriptionFailures } = resources.Resources;
  const sqs = new SQSClient({});
  const failures = await createQueue(sqs, SubscriptionFailures.Properties);
  return createQueue(sqs, Subscription.Properties, failures.arn);
}

async function createQueue(
  sqs: SQSClient,
  { QueueName, RedrivePolicy, Tags = [], ...rest }: QueueProperties,
  deadLetterTargetArn?: string,
): Promise<{ url: string; arn: string }> {
  const Attributes = Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, String(value)]));
  if (RedrivePolicy !== undefined) {
    Attributes.RedrivePolicy = JSON.stringify({ ...RedrivePolicy, deadLetterTargetArn });
  }
  const tags = Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value]));
  const { QueueUrl: url = '' } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes, tags }));
  const { Attributes: { QueueArn: arn = '' } = {} } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['QueueArn'] }),
  );
  return { url, arn };
}
