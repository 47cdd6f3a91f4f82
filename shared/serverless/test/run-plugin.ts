interface Plugin {
  readonly hooks: Readonly<Record<string, () => void>>;
}

const resources = {
  HttpApiStage: { Type: 'AWS::ApiGatewayV2::Stage', Properties: { DefaultRouteSettings: {} } },
  Route: { Type: 'AWS::ApiGatewayV2::Route', Properties: { RouteKey: 'GET /orders' } },
};

/**
 * Runs a plugin on a service that is nothing but one route: enough for what the plugin refuses.
 *
 * @param file its name in shared/serverless
 * @param custom the service's settings, as the framework has resolved them
 * @throws what a hook throws
 */
export function runPlugin(file: string, custom: object): void {
  const Plugin: new (serverless: object) => Plugin = require(`../${file}`);
  const { hooks } = new Plugin({
    classes: { Error },
    getProvider: () => ({ naming: { getHttpApiStageLogicalId: () => 'HttpApiStage' } }),
    service: {
      custom,
      provider: {
        region: 'eu-central-1',
        deploymentBucketObject: {},
        compiledCloudFormationTemplate: { Resources: structuredClone(resources) },
      },
    },
  });
  for (const hook of Object.values(hooks)) hook();
}
