import { at, findings, list, ofType, type Rule, type Rules } from './rule.ts';

const isThrottled = (settings: unknown): boolean =>
  ['ThrottlingRateLimit', 'ThrottlingBurstLimit'].every((limit) => Number(at(settings, limit)) > 0);

const throttled: Rule = ({ template }) => {
  const stages = ofType(template, 'AWS::ApiGatewayV2::Stage');
  const ofRoute = (key: unknown) => stages.map(([, stage]) => at(stage, 'RouteSettings', String(key)));
  return [
    ...findings(stages, ({ DefaultRouteSettings }) => !isThrottled(DefaultRouteSettings), 'is not throttled'),
    ...findings(
      ofType(template, 'AWS::ApiGatewayV2::Route'),
      ({ RouteKey }) => !ofRoute(RouteKey).some(isThrottled),
      'is not throttled',
    ),
  ];
};

/** A setting of a route that is not there yet fails the deploy. */
const afterItsRoutes: Rule = ({ template }) => {
  const routes = ofType(template, 'AWS::ApiGatewayV2::Route');
  return ofType(template, 'AWS::ApiGatewayV2::Stage').flatMap(([id]) => {
    const before = list(template.Resources[id]?.DependsOn);
    return findings(routes, (_, route) => !before.includes(route), `is not made before ${id}`);
  });
};

const origins = (api: Readonly<Record<string, unknown>>) =>
  list(at(api, 'CorsConfiguration', 'AllowOrigins')).map(String);

export const apiRules = {
  // An HTTP API sends OPTIONS to a matching ANY route, whatever its CORS configuration says.
  'preflight requests reach the fallback, and no token is asked of them': ({ template }) => {
    const routes = ofType(template, 'AWS::ApiGatewayV2::Route');
    return [
      ...findings(
        routes,
        ({ RouteKey }) => /^(ANY|OPTIONS) /.test(String(RouteKey)),
        'takes preflight requests',
      ),
      ...findings(
        routes,
        ({ RouteKey, AuthorizationType }) =>
          RouteKey === '$default' && (AuthorizationType ?? 'NONE') !== 'NONE',
        'asks browsers for a token before they can show one',
      ),
    ];
  },
  'routes are throttled': throttled,
  'routes are there before their limits': afterItsRoutes,
  'browsers call APIs from pages of named origins only, without their cookies': ({ template }) =>
    findings(
      ofType(template, 'AWS::ApiGatewayV2::Api'),
      (api) =>
        origins(api).some((origin) => origin.includes('*')) ||
        at(api, 'CorsConfiguration', 'AllowCredentials') === true,
      'lets in pages that it should not',
    ),
} satisfies Rules;
