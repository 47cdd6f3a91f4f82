import { checkEndpoint } from '../src/adapters/check-endpoint.ts';

const rules = { loopback: false };
const url = 'https://hooks.example.com/orderly';
const at = (address: string) => async () => [{ address, family: 4 }];

it.each([
  ['its host has a public address', url, at('93.184.215.14'), undefined],
  ['its host has a private address', url, at('10.0.0.1'), 'hooks.example.com has a private address'],
  ['it is http', 'http://hooks.example.com', at('93.184.215.14'), 'The URL does not begin with https://'],
])('a URL is judged where %s', async (_, text, lookup, expected) => {
  expect(await checkEndpoint(text, rules, lookup)).toBe(expected);
});

it('a name server that says nothing holds up nobody', async () => {
  const begun = performance.now();

  expect(await checkEndpoint(url, rules, () => new Promise(() => undefined))).toBe(
    'hooks.example.com could not be looked up in time',
  );
  expect(performance.now() - begun).toBeLessThan(10_000);
});
