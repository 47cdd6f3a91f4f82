import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { readVersion } from '@orderly/local/version';
import { Command, Option } from 'commander';
import type { Cloud } from '../bundle.ts';
import { UsageFailure } from '../run-command.ts';
import { type ServicePlan, servicePlans } from '../service-plan.ts';
import { deployedService } from './deployed-service.ts';
import { json } from './manifest.ts';
import { parameterFile } from './parameters.ts';
import { writePackages } from './write-package.ts';

/** What the command line needs from outside. */
export interface Session {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** The folder that relative paths of the command line begin at. */
  readonly folder: string;
}

interface Options {
  readonly cloud: Cloud;
  readonly service?: readonly string[];
  readonly stage: string;
  readonly out: string;
}

/** The command line of `npm run package:cloud`. */
export function createProgram({ out, err, folder }: Session): Command {
  return new Command('package:cloud')
    .usage('-- --cloud azure|google [options]')
    .description('Writes what one deploys to Azure Functions or to Google Cloud Run functions.')
    .version(readVersion())
    .configureOutput({ writeOut: out, writeErr: err })
    .showHelpAfterError('Add --help to see what there is.')
    .exitOverride()
    .addOption(new Option('--cloud <cloud>', 'where to').choices(['azure', 'google']).makeOptionMandatory())
    .option('--service <name...>', 'only these services; the parameters of the templates hold all')
    .option('--stage <stage>', 'as in shared/serverless/stages.yml', process.env.ORDERLY_STAGE || 'dev')
    .option('--out <folder>', 'where packages go', 'dist')
    .addHelpText('after', exitCodes)
    .action(async (options: Options) => packageCloud(options, { out, err, folder }));
}

const exitCodes = `
Exit code 0: written; 1: it failed; 2: the command line is wrong. docs/clouds.md says how to deploy.`;

function selected(plans: readonly ServicePlan[], names: readonly string[] | undefined) {
  if (names === undefined) return plans;
  const known = plans.map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new UsageFailure(`There is no service ${unknown.join(', ')}. There are ${known.join(', ')}.`);
  }
  return plans.filter(({ name }) => names.includes(name));
}

async function packageCloud({ cloud, service, stage, out: to }: Options, { out, folder }: Session) {
  const target = resolve(folder, to);
  const shown = (path: string) => relative(folder, path) || '.';
  const plans = await servicePlans(stage);
  const wanted = selected(plans, service);
  // First, because it refuses what should not be deployed.
  const parameters = parameterFile(cloud, stage, await Promise.all(plans.map(deployedService)));
  for (const plan of wanted) {
    for (const written of await writePackages(plan, cloud, target)) {
      out(`${shown(written.folder)}  ${written.bytes.toLocaleString('en')} bytes\n`);
    }
  }
  const file = join(target, cloud, parameters.name);
  await mkdir(join(target, cloud), { recursive: true });
  await writeFile(file, json(parameters.content));
  out(`${shown(file)}\n`);
}
