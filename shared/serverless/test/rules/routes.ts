import { at, findings, functionsOf, idOf, list, ofType, type Rule, type Rules } from './rule.ts';

/** That of the function fallback, which tells nobody anything. */
const onlyRefuses = (routeKey: unknown): boolean => routeKey === '$default';

const askForAToken: Rule = ({ stage, template }) => {
  if (stage !== 'prod') return [];
  const issued = ofType(template, 'AWS::ApiGatewayV2::Authorizer')
    .filter(([, { AuthorizerType, JwtConfiguration, IdentitySource }]) => {
      const [issuer, audience] = [at(JwtConfiguration, 'Issuer'), list(at(JwtConfiguration, 'Audience'))];
      return (
        AuthorizerType === 'JWT' &&
        list(IdentitySource).join() === '$request.header.Authorization' &&
        /^https:/.test(String(issuer)) &&
        audience.length > 0 &&
        audience.every((each) => typeof each === 'string' && each !== '')
      );
    })
    .map(([id]) => id);
  return findings(
    ofType(template, 'AWS::ApiGatewayV2::Route'),
    ({ RouteKey, AuthorizationType, AuthorizerId, AuthorizationScopes }) =>
      !onlyRefuses(RouteKey) &&
      (AuthorizationType !== 'JWT' ||
        !issued.includes(idOf(AuthorizerId)) ||
        list(AuthorizationScopes).length === 0),
    'lets in callers without a token of the issuer that has a scope of the route',
  );
};

const functionsAskToo: Rule = ({ stage, template }) =>
  findings(
    functionsOf(template),
    ({ Environment }) => stage === 'prod' && !at(Environment, 'Variables', 'JWT_ISSUER'),
    'takes the stage for an open one',
  );

export const routeRules = {
  'routes of prod ask for a token with one of their scopes': askForAToken,
  'functions of prod answer nobody without claims': functionsAskToo,
} satisfies Rules;
