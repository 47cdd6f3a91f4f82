import { runPart } from './run-part.ts';
import { settings } from './shop.ts';

const edgeWith = (setting: object) => ({ edge: { ...settings.edge, ...setting } });

it('the edge limits each route as its method reads or writes, and allows no other origin', () => {
  const routes = ['GET /orders', 'POST /orders', 'ANY /orders', '$default'];
  const { httpApi, compiledCloudFormationTemplate } = runPart('edge', {}, routes);

  const read = { ThrottlingRateLimit: 100, ThrottlingBurstLimit: 200 };
  const write = { ThrottlingRateLimit: 50, ThrottlingBurstLimit: 75 };
  expect(compiledCloudFormationTemplate.Resources.HttpApiStage?.Properties).toEqual({
    DefaultRouteSettings: write,
    RouteSettings: { 'GET /orders': read, 'POST /orders': write, 'ANY /orders': write, $default: write },
  });
  expect(httpApi).toBeUndefined();
});

it('the edge allows the pages of the named origins, without their cookies', () => {
  const corsOrigins = ' https://shop.example.com  http://localhost:5173 ';

  expect(runPart('edge', edgeWith({ corsOrigins })).httpApi).toMatchObject({
    cors: {
      allowedOrigins: ['https://shop.example.com', 'http://localhost:5173'],
      allowedMethods: ['GET', 'POST', 'PUT'],
      allowCredentials: false,
    },
  });
});

const origins =
  'The parameter corsOrigins names origins such as https://shop.example.com, separated by spaces, not';

it.each([
  [{ corsOrigins: '*' }, `${origins} "*"`],
  [{ corsOrigins: 'https://a.example https://*.example.com' }, `${origins} "https://*.example.com"`],
  [{ corsOrigins: 'http://shop.example.com' }, `${origins} "http://shop.example.com"`],
  [{ corsOrigins: 'https://shop.example.com/' }, `${origins} "https://shop.example.com/"`],
  [{ corsOrigins: 'null' }, `${origins} "null"`],
  [{ readRate: '0' }, 'The parameter readRate is a whole number from 1, not "0"'],
  [{ writeBurst: 'many' }, 'The parameter writeBurst is a whole number from 1, not "many"'],
])('the edge refuses %j', (setting, message) => {
  expect(() => runPart('edge', edgeWith(setting))).toThrow(message);
});
