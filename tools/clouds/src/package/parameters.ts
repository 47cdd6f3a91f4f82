import type { Cloud } from '../bundle.ts';
import type { DeployedService } from './deployed-service.ts';
import { checkGoogleNames, forGoogle } from './google-parameters.ts';

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
 * @throws Error for what the cloud does not allow
 */
export function parameterFile(
  cloud: Cloud,
  stage: string,
  services: readonly DeployedService[],
): ParameterFile {
  if (cloud === 'azure') {
    const parameters = { stage: { value: stage }, services: { value: services } };
    return {
      name: 'services.parameters.json',
      content: { $schema: schema, contentVersion: '1.0.0.0', parameters },
    };
  }
  checkGoogleNames(stage, services);
  const byName = services.map((service) => [service.name, forGoogle(service)]);
  return { name: 'services.tfvars.json', content: { stage, services: Object.fromEntries(byName) } };
}
