import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { answerHelp } from '@orderly/local/version';
import { planRelease } from './plan.ts';

const usage = `npm run --silent affected -- --stage <stage> [--region <region>]

Prints the services that differ from what was last released to the stage, one a line; and, as messages, why.`;

function readOptions() {
  answerHelp(usage);
  try {
    const { values } = parseArgs({ options: { stage: { type: 'string' }, region: { type: 'string' } } });
    if (!values.stage) throw new Error('--stage is missing');
    return { stage: values.stage, region: values.region || process.env.AWS_REGION || 'eu-central-1' };
  } catch (error) {
    throw new Error(`${(error as Error).message}\n\n${usage}`);
  }
}

async function main() {
  const { stage, region } = readOptions();
  const plan = await planRelease(resolve(__dirname, '../../..'), stage, new CloudFormationClient({ region }));
  for (const { service, deploy, because } of plan) {
    if (deploy) process.stdout.write(`${service}\n`);
    process.stderr.write(`${service} ${deploy ? 'is deployed' : 'is left alone'}: ${because}\n`);
  }
}

main().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
