import { resolve } from 'node:path';
import { resolveValue, type Scope } from './cloudformation.ts';
import { audience } from './issuer.ts';
import { localSettings } from './local-settings.ts';
import { host, type ServicePorts } from './ports.ts';
import type { Serverless } from './serverless.ts';
import { dummyCredentials, type LocalSettings } from './settings.ts';

/** Points serverless-offline at our ports, so that no serverless.yml holds any. */
export const setOfflineOptions = ({ service }: Serverless, { http, lambda }: ServicePorts): void => {
  service.custom = {
    ...service.custom,
    'serverless-offline': {
      noSponsor: true,
      ...service.custom?.['serverless-offline'],
      host,
      httpPort: http,
      lambdaPort: lambda,
      noPrependStageInUrl: true,
      // An HTTP API hands cookies on as they are.
      disableCookieValidation: true,
    },
  };
};

/**
 * Verifies tokens as API Gateway does, in a stage with an issuer.
 *
 * @param platformIssuer the issuer of the running platform of the stage, if it has one
 * @throws Error when an open service would join a platform with an issuer
 */
export const setAuthentication = ({ service }: Serverless, platformIssuer: string | undefined): void => {
  const authorizer = service.provider.httpApi?.authorizers?.jwt;
  if (authorizer === undefined) {
    if (platformIssuer === undefined) return;
    throw new Error(
      `The running platform requires tokens, and this service would be open: set ` +
        `ORDERLY_JWT_ISSUER=${platformIssuer} and ORDERLY_JWT_AUDIENCE=${audience}.`,
    );
  }
  process.env.ORDERLY_JWT_ISSUER = authorizer.issuerUrl;
  process.env.ORDERLY_JWT_AUDIENCE = authorizer.audience;
  const customAuthenticationProvider = resolve(__dirname, '../authentication.cjs');
  service.custom = { ...service.custom, offline: { customAuthenticationProvider } };
};

/**
 * Points every AWS SDK in the functions at the emulators: serverless-offline copies AWS_* to them.
 * The developer's own account stays out of reach.
 */
export const setAwsEnvironment = (region: string, { dynamodb, sqs }: LocalSettings): void => {
  for (const name of ['AWS_PROFILE', 'AWS_SESSION_TOKEN', 'AWS_ENDPOINT_URL']) delete process.env[name];
  Object.assign(process.env, {
    AWS_REGION: region,
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb.endpoint,
    AWS_ENDPOINT_URL_SQS: sqs.endpoint,
    AWS_ACCESS_KEY_ID: dummyCredentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: dummyCredentials.secretAccessKey,
    // The SDK's note to its developers about Node versions, once in every worker.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  });
};

/** serverless-offline hands `!Ref` and `!GetAtt` to functions as text; here they get their values. */
export const setFunctionEnvironments = ({ service }: Serverless, scope: Scope): void => {
  const parts: { environment?: Record<string, unknown> }[] = [
    service.provider,
    ...Object.values(service.functions),
  ];
  for (const part of parts) {
    const environment = { ...part.environment, ...localSettings };
    part.environment = Object(resolveValue(environment, scope));
  }
};
