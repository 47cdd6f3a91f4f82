import type { Cloud } from '../bundle.ts';
import type { DeployedService } from './deployed-service.ts';

/** A file of parameters for the templates of infrastructure in tools/clouds/deploy. */
export interface ParameterFile {
  readonly name: string;
  readonly content: object;
}

/** https://learn.microsoft.com/en-us/azure/azure-resource-manager/templates/parameter-files */
const schema = 'https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#';

/**
 * What the templates of a cloud take in addition to what a person sets.
 *
 * @throws Error for a name that the cloud does not allow
 */
export function parameterFile(
  cloud: Cloud,
  stage: string,
  services: readonly DeployedService[],
): ParameterFile {
  checkNames(stage, services);
  if (cloud === 'azure') {
    const parameters = { stage: { value: stage }, services: { value: services } };
    return {
      name: 'services.parameters.json',
      content: { $schema: schema, contentVersion: '1.0.0.0', parameters },
    };
  }
  const byName = Object.fromEntries(services.map((service) => [service.name, service]));
  return { name: 'services.tfvars.json', content: { stage, services: byName } };
}

/** https://docs.cloud.google.com/iam/docs/service-accounts-create: it is `<stage>-<service>`. */
const accountName = /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/;
/** https://docs.cloud.google.com/run/docs/deploy-functions: it is `<stage>-<service>-<function>`. */
const functionName = /^[a-z][a-z0-9-]{0,47}[a-z0-9]$/;

function checkNames(stage: string, services: readonly DeployedService[]): void {
  for (const { name, functions } of services) {
    const account = `${stage}-${name}`;
    if (!accountName.test(account)) {
      throw new Error(`"${account}" has to have 6 to 30 lower-case letters, digits and hyphens on Google`);
    }
    for (const each of functions) {
      const full = `${account}-${each.name}`;
      if (!functionName.test(full)) throw new Error(`"${full}" has to have at most 49 characters on Google`);
    }
  }
}
