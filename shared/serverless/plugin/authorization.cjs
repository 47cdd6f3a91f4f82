/**
 * Who may call. Each route names its authorizer and scopes in serverless.yml; in a stage without an issuer, which is
 * open, this part takes them away. It refuses to package `prod` without one.
 */
const authorization = ({ service, classes }, log) => {
  const isOpen = () => service.provider.httpApi?.authorizers === undefined;
  return {
    initialize: () => {
      if (isOpen()) openRoutes(service);
    },
    'before:package:initialize': () => {
      if (!isOpen()) return;
      const { stage } = service.provider;
      const open = `Without the parameter jwtIssuer anybody can call the APIs of the stage ${stage}`;
      if (stage === 'prod') throw new classes.Error(`${open}. ${howToSet}`);
      log.warning(open);
    },
  };
};

/** For service.yml: the authorizer `jwt` of the stage's parameters jwtIssuer and jwtAudience. */
async function httpApi({ resolveVariable }) {
  const issuerUrl = await resolveVariable('param:jwtIssuer');
  const audience = await resolveVariable('param:jwtAudience');
  if (issuerUrl === '' && audience === '') return {};
  // API Gateway takes https only; the local platform has an issuer of its own.
  if (!/^(https:\/\/|http:\/\/127\.0\.0\.1:)[^\s/]+(\/\S*)?$/.test(issuerUrl)) {
    throw new Error(`The parameter jwtIssuer is an https:// URL, not "${issuerUrl}". ${howToSet}`);
  }
  if (audience === '') throw new Error(`The parameter jwtAudience is missing. ${howToSet}`);
  const identitySource = '$request.header.Authorization';
  return { authorizers: { jwt: { type: 'jwt', identitySource, issuerUrl, audience } } };
}

const howToSet =
  'Set jwtIssuer and jwtAudience in shared/serverless/stages.yml, with --param, or by the environment variables ' +
  'ORDERLY_JWT_ISSUER and ORDERLY_JWT_AUDIENCE.';

function openRoutes({ functions }) {
  for (const { events = [] } of Object.values(functions)) {
    for (const { httpApi } of events) delete httpApi?.authorizer;
  }
}

module.exports = { authorization, httpApi };
