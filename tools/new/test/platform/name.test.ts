import { checkPlatformName, usesName } from '../../src/platform/name.ts';

it.each(['qorvex', 'q2', 'abcdefghijkl'])('%s can be the name of a platform', (name) => {
  expect(() => checkPlatformName(name)).not.toThrow();
});

it.each([
  ['', 'letters and digits'],
  ['q', '2 to 12'],
  ['abcdefghijklm', '2 to 12'],
  ['Qorvex', 'lower-case'],
  ['qorvex-shop', 'letters and digits'],
  ['qorvex shop', 'letters and digits'],
  ['2qorvex', 'a letter first'],
  ['qörvex', 'letters and digits'],
  ['../qorvex', 'letters and digits'],
  ['awsome', 'cannot begin with aws'],
  ['ssmith', 'cannot begin with ssm'],
  ['sthree', 'cannot begin with sthree'],
])('"%s" cannot be the name of a platform: %s', (name, reason) => {
  expect(() => checkPlatformName(name)).toThrow(reason);
});

it.each([
  ['const shop = 1;', true],
  ['shopClient()', true],
  ['class ShopApis', true],
  ['SHOP_STAGE', true],
  ['@shop/client', true],
  ['workshop', false],
  ['shopping', false],
  ['Shopper', false],
])('whether "%s" has the name shop already: %s', (text, expected) => {
  expect(usesName(text, 'shop')).toBe(expected);
});
