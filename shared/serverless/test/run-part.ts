import { settings } from './shop.ts';

type Part = (serverless: object) => Readonly<Record<string, () => void>>;

const resources = {
  HttpApiStage: { Type: 'AWS::ApiGatewayV2::Stage', Properties: { DefaultRouteSettings: {} } },
  Route: { Type: 'AWS::ApiGatewayV2::Route', Properties: { RouteKey: 'GET /orders' } },
};

/**
 * Runs a part of the plugin on a service that is nothing but one route: enough for what the part refuses.
 *
 * @param name of its file in shared/serverless/plugin
 * @param own the settings of the service that differ from a small service's
 * @throws what a hook throws
 */
export function runPart(name: string, own: object): void {
  const part: Part = require(`../plugin/${name}.cjs`);
  const hooks = part({
    classes: { Error },
    getProvider: () => ({ naming: { getHttpApiStageLogicalId: () => 'HttpApiStage' } }),
    service: {
      custom: { settings: { ...settings, ...own } },
      provider: {
        region: 'eu-central-1',
        deploymentBucketObject: {},
        compiledCloudFormationTemplate: { Resources: structuredClone(resources) },
      },
    },
  });
  for (const hook of Object.values(hooks)) hook();
}
