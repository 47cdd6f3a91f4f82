import { cachedToken } from '../src/portable/cached-token.ts';

const minutes = (count: number) => count * 60_000;

beforeEach(() => {
  jest.useFakeTimers({ now: 0 });
});
afterEach(() => {
  jest.useRealTimers();
});

/** Tokens for an hour: `1`, `2`, and so on. */
function hourly() {
  let count = 0;
  return jest.fn(async () => ({ token: String(++count), expiresAt: Date.now() + minutes(60) }));
}

it('a token is fetched once for several callers at once', async () => {
  const fetchToken = hourly();
  const token = cachedToken(fetchToken);

  expect(await Promise.all([token(), token(), token()])).toEqual(['1', '1', '1']);
  expect(fetchToken).toHaveBeenCalledTimes(1);
});

it('a token is renewed before it expires, once for several callers at once', async () => {
  const fetchToken = hourly();
  const token = cachedToken(fetchToken);
  await token();
  jest.setSystemTime(minutes(56));
  expect(await token()).toBe('1');
  jest.setSystemTime(minutes(57));

  expect(await Promise.all([token(), token()])).toEqual(['2', '2']);
  expect(fetchToken).toHaveBeenCalledTimes(2);
});

it('a token that cannot be renewed is used until it expires', async () => {
  const fetchToken = hourly();
  const token = cachedToken(fetchToken);
  await token();
  fetchToken.mockRejectedValue(new Error('down'));
  jest.setSystemTime(minutes(59));
  expect(await token()).toBe('1');
  jest.setSystemTime(minutes(60));

  await expect(token()).rejects.toThrow('down');
});

it('a token that could not be fetched is fetched again', async () => {
  const fetchToken = hourly();
  fetchToken.mockRejectedValueOnce(new Error('down'));
  const token = cachedToken(fetchToken);
  await expect(token()).rejects.toThrow('down');

  expect(await token()).toBe('1');
});
