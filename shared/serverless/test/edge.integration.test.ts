import type { TemplateResource } from '@orderly/local/packages';
import { runPart } from './run-part.ts';
import { packageShops, settings } from './shop.ts';

const edgeWith = (setting: object) => ({ edge: { ...settings.edge, ...setting } });

const functions = {
  show: { events: [{ httpApi: 'GET /orders' }] },
  place: { events: [{ httpApi: 'POST /orders' }] },
  others: { events: [{ httpApi: 'ANY /orders' }, { httpApi: '*' }] },
};

const origins =
  'The parameter corsOrigins names origins such as https://shop.example.com, separated by spaces, not';

const wrong: readonly (readonly [setting: object, message: string])[] = [
  [{ corsOrigins: '*' }, `${origins} "*"`],
  [{ corsOrigins: 'https://a.example https://*.example.com' }, `${origins} "https://*.example.com"`],
  [{ corsOrigins: 'http://shop.example.com' }, `${origins} "http://shop.example.com"`],
  [{ corsOrigins: 'https://shop.example.com/' }, `${origins} "https://shop.example.com/"`],
  [{ corsOrigins: 'null' }, `${origins} "null"`],
  [{ readRate: '0' }, 'The parameter readRate is a whole number from 1, not "0"'],
  [{ writeBurst: 'many' }, 'The parameter writeBurst is a whole number from 1, not "many"'],
];

/** The first of each kind, which the framework packages as well. */
const packagedWrong = [...wrong.slice(0, 1), ...wrong.slice(5, 6)];

let shops: Awaited<ReturnType<typeof packageShops>> = [];

beforeAll(async () => {
  const allowed = { corsOrigins: ' https://shop.example.com  http://localhost:5173 ' };
  const all = [{}, allowed, ...packagedWrong.map(([setting]) => setting)];
  shops = await packageShops(all.map((setting) => ({ settings: edgeWith(setting), functions })));
});

const properties = (shop: number, id: string): NonNullable<TemplateResource['Properties']> =>
  shops[shop]?.resources[id]?.Properties ?? {};

it('the edge limits each route as its method reads or writes, and allows no other origin', () => {
  const stage = properties(0, 'HttpApiStage');
  const read = { ThrottlingRateLimit: 100, ThrottlingBurstLimit: 200 };
  const write = { ThrottlingRateLimit: 50, ThrottlingBurstLimit: 75 };

  expect(stage.DefaultRouteSettings).toMatchObject(write);
  expect(stage.RouteSettings).toEqual({
    'GET /orders': read,
    'POST /orders': write,
    'ANY /orders': write,
    $default: write,
  });
  expect(properties(0, 'HttpApi')).toHaveProperty('Name');
  expect(properties(0, 'HttpApi')).not.toHaveProperty('CorsConfiguration');
});

it('the edge allows the pages of the named origins, without their cookies', () => {
  const { CorsConfiguration } = properties(1, 'HttpApi');

  expect(CorsConfiguration).toMatchObject({
    AllowOrigins: ['https://shop.example.com', 'http://localhost:5173'],
    AllowMethods: ['GET', 'POST', 'PUT'],
  });
  expect(Object(CorsConfiguration).AllowCredentials ?? false).toBe(false);
});

it.each(wrong)('the edge refuses %j', (setting, message) => {
  expect(() => runPart('edge', edgeWith(setting))).toThrow(message);
});

it.each(packagedWrong.map(([setting, message], index) => [setting, message, index + 2] as const))(
  'a service is not packaged with %j',
  (_setting, message, shop) => {
    expect(shops[shop]).toMatchObject({ code: 1, said: expect.stringContaining(message) });
  },
);
