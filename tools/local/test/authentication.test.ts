import { setAuthentication } from '../src/offline-options.ts';
import type { Serverless } from '../src/serverless.ts';

const openService = () => ({ service: { provider: {}, custom: {} } }) as unknown as Serverless;

it('an open service on an open platform stays as it is', () => {
  const serverless = openService();

  setAuthentication(serverless, undefined);

  expect(serverless.service.custom).toEqual({});
});

it('an open service cannot join a platform that requires tokens', () => {
  expect(() => setAuthentication(openService(), 'http://127.0.0.1:8090')).toThrow(
    'set ORDERLY_JWT_ISSUER=http://127.0.0.1:8090 and ORDERLY_JWT_AUDIENCE=orderly',
  );
});
