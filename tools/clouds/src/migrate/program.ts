import { readVersion } from '@orderly/local/version';
import { Command } from 'commander';
import { type ItemTable, migrate } from '../postgres/migrate.ts';
import { UsageFailure } from '../run-command.ts';
import { type ServicePlan, servicePlans } from '../service-plan.ts';
import { grantTables } from './grant-tables.ts';

interface Options {
  readonly service: string;
  readonly stage: string;
  readonly user: string;
}

/** What the command line needs from outside. */
export interface Session {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Of the service's database, as a user who may create tables. */
  readonly databaseUrl: string | undefined;
}

/** The command line of `npm run migrate:cloud`. */
export function createProgram(session: Session): Command {
  const { out, err } = session;
  return new Command('migrate:cloud')
    .usage('-- --service <service> --user <database user> [--stage <stage>]')
    .description("Creates or updates the tables in a service's database, and lets its functions use them.")
    .version(readVersion())
    .configureOutput({ writeOut: out, writeErr: err })
    .showHelpAfterError('Add --help to see what there is.')
    .exitOverride()
    .requiredOption('--service <service>', 'whose tables')
    .requiredOption('--user <user>', 'the user in the database that the functions log in as')
    .option('--stage <stage>', 'a part of the name of the table', process.env.ORDERLY_STAGE || 'dev')
    .addHelpText('after', environmentHelp)
    .action(async (options: Options) => migrateService(options, session));
}

const environmentHelp = `
Environment: DATABASE_URL of the service's database, as a user who may create tables; PGPASSWORD, the password or token.
Repeating it changes nothing. docs/clouds.md says how to reach a database of each cloud.`;

/** @returns the tables as the functions expect them */
function tablesOf({ table: { name, indexes } }: ServicePlan): readonly ItemTable[] {
  return [{ name, indexes: indexes.map(({ sort = 'pk', ...index }) => ({ ...index, sort })) }];
}

async function migrateService({ service, stage, user }: Options, { out, databaseUrl }: Session) {
  if (!databaseUrl)
    throw new UsageFailure('DATABASE_URL is missing: postgres://<user>@<host>:5432/<database>');
  const plans = await servicePlans(stage);
  const plan = plans.find(({ name }) => name === service);
  if (plan === undefined) {
    const known = plans.map(({ name }) => name).join(', ');
    throw new UsageFailure(`There is no service ${service}. There are ${known}.`);
  }
  const tables = tablesOf(plan);
  await migrate(databaseUrl, tables);
  await grantTables(databaseUrl, user);
  out(`${user} can use ${tables.map(({ name }) => name).join(', ')} and the outbox.\n`);
}
