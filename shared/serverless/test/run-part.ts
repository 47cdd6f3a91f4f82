import { settings } from './shop.ts';

interface Provider {
  readonly httpApi?: object;
  readonly compiledCloudFormationTemplate: {
    readonly Resources: Readonly<Record<string, { readonly Properties: object }>>;
  };
}

type Part = (serverless: object) => Readonly<Record<string, () => void>>;

/**
 * Runs a part of the plugin on a service that is nothing but routes.
 *
 * @param name of its file in shared/serverless/plugin
 * @param own the settings of the service that differ from a small service's
 * @returns the service's provider, as the part leaves it
 * @throws what a hook throws
 */
export function runPart(name: string, own: object, routes = ['GET /orders']): Provider {
  const part: Part = require(`../plugin/${name}.cjs`);
  const provider = {
    region: 'eu-central-1',
    deploymentBucketObject: {},
    compiledCloudFormationTemplate: {
      Resources: Object.fromEntries([
        ['HttpApiStage', { Type: 'AWS::ApiGatewayV2::Stage', Properties: { DefaultRouteSettings: {} } }],
        ...routes.map((RouteKey) => [
          RouteKey,
          { Type: 'AWS::ApiGatewayV2::Route', Properties: { RouteKey } },
        ]),
      ]),
    },
  };
  const hooks = part({
    classes: { Error },
    getProvider: () => ({ naming: { getHttpApiStageLogicalId: () => 'HttpApiStage' } }),
    service: { custom: { settings: { ...settings, ...own } }, provider },
  });
  for (const hook of Object.values(hooks)) hook();
  return provider;
}
