import { serviceConfig } from '@orderly/local/service-config';
import type { ServicePlan } from '../service-plan.ts';

/** A service as the templates of infrastructure loop over it: plain data, the same for each cloud. */
export interface DeployedService {
  readonly name: string;
  /** With the stage, as the broker knows it: `dev-order-events`. */
  readonly topic: string;
  readonly functions: readonly DeployedFunction[];
  readonly routes: readonly Route[];
  readonly subscriptions: readonly Subscription[];
  readonly queues: readonly TaskQueue[];
  readonly schedules: readonly Schedule[];
  readonly secrets: readonly Secret[];
  readonly environment: Readonly<Record<string, string>>;
}

interface DeployedFunction {
  readonly name: string;
  readonly timeoutSeconds: number;
  /** Whether callers reach it, and not the cloud only. */
  readonly isPublic: boolean;
}

interface Route {
  readonly function: string;
  readonly method: string;
  readonly path: string;
}

interface Subscription {
  readonly function: string;
  readonly topic: string;
  readonly eventTypes: readonly string[];
  readonly maxDeliveryCount: number;
}

interface TaskQueue {
  readonly function: string;
  readonly name: string;
  readonly maxDeliveryCount: number;
}

interface Schedule {
  readonly function: string;
  readonly everySeconds: number;
}

/** A secret that functions read, by its name on each cloud. */
export interface Secret {
  readonly name: string;
  /** Whether a function makes it; otherwise a person puts it there. */
  readonly isGenerated: boolean;
}

/** https://docs.cloud.google.com/scheduler/docs/configuring/cron-job-schedules: once a minute is the most often. */
const sweepSeconds = 60;

/**
 * What a service needs of a cloud, from its plan and, for what the plan does not have, its serverless.yml.
 *
 * @throws Error for a stage that nobody should deploy, see `refuse`
 */
export async function deployedService(plan: ServicePlan): Promise<DeployedService> {
  const { name, stage, folder, maxReceiveCount, functions, environment } = plan;
  const config = (await serviceConfig(folder, stage)) as unknown as Config;
  refuse(name, stage, environment);
  const bound = <Part>(part: (each: (typeof functions)[number]) => Part | undefined): readonly Part[] =>
    functions.flatMap((each) => part(each) ?? []);
  return {
    name,
    topic: `${stage}-${plan.topic}`,
    functions: functions.map(({ name, timeoutSeconds, trigger: { kind } }) => ({
      ...{ name, timeoutSeconds, isPublic: kind === 'route' || kind === 'fallback' },
    })),
    routes: bound(({ name, trigger }) =>
      trigger.kind === 'route' ? { function: name, method: trigger.method, path: trigger.path } : undefined,
    ),
    subscriptions: bound(({ name, trigger }) =>
      trigger.kind === 'subscription'
        ? {
            function: name,
            topic: `${stage}-${trigger.topic}`,
            eventTypes: trigger.eventTypes,
            maxDeliveryCount: maxReceiveCount,
          }
        : undefined,
    ),
    queues: bound(({ name, trigger }) =>
      trigger.kind === 'tasks'
        ? { function: name, name: trigger.queue, maxDeliveryCount: maxReceiveCount }
        : undefined,
    ),
    schedules: bound(({ name, trigger }) => {
      if (trigger.kind === 'publisher') return { function: name, everySeconds: sweepSeconds };
      return trigger.kind === 'schedule' && trigger.enabled
        ? { function: name, everySeconds: trigger.everySeconds }
        : undefined;
    }),
    secrets: secretsOf(environment, config),
    environment,
  };
}

interface Config {
  readonly functions: Readonly<Record<string, { readonly iamRoleStatements?: readonly Statement[] }>>;
}

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
}

/** Variables with this ending name a secret of the stage. */
const ofSecret = /_PARAMETER$/;

/** A function makes a secret if it may on AWS. */
function secretsOf(environment: Readonly<Record<string, string>>, { functions }: Config): readonly Secret[] {
  const writable = Object.values(functions)
    .flatMap(({ iamRoleStatements = [] }) => iamRoleStatements)
    .filter(({ Action }) => [Action].flat().includes('ssm:PutParameter'))
    .map(({ Resource }) => JSON.stringify(Resource));
  return Object.entries(environment)
    .filter(([variable, path]) => ofSecret.test(variable) && path !== '')
    .map(([, path]) => ({
      name: path.slice(1).replaceAll('/', '-'),
      isGenerated: writable.some((resource) => resource.includes(`parameter${path}"`)),
    }));
}

/**
 * As `sls package` does for AWS: `prod` needs an issuer, and a channel that reaches customers.
 *
 * @throws Error that says what to set
 */
function refuse(service: string, stage: string, environment: Readonly<Record<string, string>>): void {
  const { CHANNEL: channel, JWT_ISSUER: issuer } = environment;
  if (channel === 'ses') {
    throw new Error(`${service} cannot send by SES, which is AWS's. Set ORDERLY_CHANNEL to smtp.`);
  }
  if (stage !== 'prod') return;
  if (issuer === '') {
    throw new Error(
      'Without an issuer anybody can call the APIs of prod. Set ORDERLY_JWT_ISSUER and ORDERLY_JWT_AUDIENCE.',
    );
  }
  if (channel === 'log') throw new Error('The channel log reaches no customer. Set ORDERLY_CHANNEL to smtp.');
}
