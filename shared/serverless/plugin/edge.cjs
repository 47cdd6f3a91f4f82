/**
 * What API Gateway lets through before any function is called:
 *
 * - requests per second and route: `edge.readRate` and `edge.readBurst` of GET, `edge.writeRate` and `edge.writeBurst` of
 *   all others;
 * - pages of other origins: those of `edge.corsOrigins`, separated by spaces, may call the API from a browser.
 */
const edge = (serverless) => ({
  initialize: () => allowOrigins(serverless),
  'after:package:compileEvents': () => throttle(serverless),
});

/** API Gateway answers the browser's preflight requests itself, and adds its headers to answers. */
function allowOrigins({ service, classes }) {
  const origins = String(service.custom.settings.edge.corsOrigins).split(/\s+/).filter(Boolean);
  const wrong = origins.find((origin) => !isOrigin(origin));
  if (wrong !== undefined) {
    throw new classes.Error(
      `The parameter corsOrigins names origins such as https://shop.example.com, separated by spaces, not "${wrong}"`,
    );
  }
  if (origins.length === 0) return;
  service.provider.httpApi = {
    ...service.provider.httpApi,
    cors: {
      allowedOrigins: origins,
      allowedMethods: ['GET', 'POST', 'PUT'],
      allowedHeaders: ['authorization', 'content-type', 'idempotency-key', 'traceparent', 'x-correlation-id'],
      exposedResponseHeaders: ['allow', 'location', 'retry-after', 'x-request-id'],
      // Callers show a token, so that no cookie of a browser speaks for its user.
      allowCredentials: false,
      maxAge: 600,
    },
  };
}

/** HTTPS, or a page on the developer's own machine; an origin as browsers send it (RFC 6454, section 6.2). */
function isOrigin(text) {
  return (
    /^(https:\/\/|http:\/\/(localhost|127\.0\.0\.1)(:|$))/.test(text) &&
    URL.canParse(text) &&
    new URL(text).origin === text &&
    !text.includes('*')
  );
}

function throttle(serverless) {
  const { naming } = serverless.getProvider('aws');
  const { Resources } = serverless.service.provider.compiledCloudFormationTemplate;
  const stage = Resources[naming.getHttpApiStageLogicalId()];
  if (stage === undefined) return;
  const routes = Object.entries(Resources).filter(([, { Type }]) => Type === 'AWS::ApiGatewayV2::Route');
  const settings = (kind) => ({
    ThrottlingRateLimit: limit(serverless, `${kind}Rate`),
    ThrottlingBurstLimit: limit(serverless, `${kind}Burst`),
  });
  const ofRoutes = routes.map(([, { Properties }]) => {
    const { RouteKey } = Properties;
    return [RouteKey, settings(RouteKey.startsWith('GET ') ? 'read' : 'write')];
  });
  Object.assign(stage.Properties.DefaultRouteSettings, settings('write'));
  stage.Properties.RouteSettings = Object.fromEntries(ofRoutes);
  // API Gateway refuses settings of a route that it does not have yet.
  stage.DependsOn = [...[stage.DependsOn ?? []].flat(), ...routes.map(([id]) => id)];
}

function limit({ service, classes }, name) {
  const value = Number(service.custom.settings.edge[name]);
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw new classes.Error(
    `The parameter ${name} is a whole number from 1, not "${service.custom.settings.edge[name]}"`,
  );
}

module.exports = edge;
