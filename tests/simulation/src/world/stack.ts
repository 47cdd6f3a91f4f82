import { serviceConfig } from '@orderly/local/service-config';
import { folderOf, services } from '@orderly/local/services';

/** The stage that is simulated. */
export const STAGE = 'sim';

interface FunctionConfig {
  readonly name: string;
  readonly handler: string;
  readonly timeout?: number;
  readonly environment?: Readonly<Record<string, string>>;
  readonly events?: readonly {
    readonly httpApi?: HttpApi | string;
    readonly schedule?: { readonly rate: readonly string[] };
  }[];
}

interface HttpApi {
  readonly method: string;
  readonly path: string;
  readonly authorizer?: { readonly scopes?: readonly string[] };
}

/** A service as its serverless.yml has it. */
export interface Stack {
  readonly service: string;
  readonly region: string;
  readonly name: string;
  readonly resources: unknown;
  readonly functions: Readonly<Record<string, FunctionConfig>>;
  readonly timeoutSeconds: number;
  readonly environment: Readonly<Record<string, string>>;
}

/** As for a stage with tokens, whose mail goes through SES. */
const SETTINGS = {
  ORDERLY_JWT_ISSUER: 'https://issuer.example.com/',
  ORDERLY_JWT_AUDIENCE: 'orderly',
  ORDERLY_CHANNEL: 'ses',
  ORDERLY_MAIL_FROM: 'shop@example.com',
};

/** Reads the services' serverless.yml, resolved: some seconds the first time, then from a cache. */
export async function readStacks(): Promise<readonly Stack[]> {
  Object.assign(process.env, SETTINGS);
  const stacks: Stack[] = [];
  for (const service of services) {
    const config = await serviceConfig(folderOf(service), STAGE);
    const { region, stackName = '', timeout, environment } = config.provider;
    const { functions, resources } = config;
    stacks.push({
      ...{ service, region, name: stackName, resources, environment, timeoutSeconds: timeout },
      functions: functions as Stack['functions'],
    });
  }
  return stacks;
}

/** The functions' sources from the root of the repository, by the names of their programs. */
export const entriesOf = (stacks: readonly Stack[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    stacks.flatMap(({ service, functions }) =>
      Object.entries(functions).map(([name, { handler }]) => [
        `${service}/${name}`,
        `services/${service}/${handler.replace(/\.handler$/, '.ts')}`,
      ]),
    ),
  );
