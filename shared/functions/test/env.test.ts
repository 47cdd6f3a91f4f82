import { EnvironmentError, environment, list, number, positiveInteger, text } from '../src/env.ts';

describe('a text variable', () => {
  it('is read as it is', () => {
    expect(environment({ NAME: text }, { NAME: 'value' })).toEqual({ NAME: 'value' });
  });

  it.each([
    [{}, 'Environment: NAME: is missing'],
    [{ NAME: '' }, 'Environment: NAME: is empty'],
  ])('is refused where the environment is %j: %s', (source, message) => {
    expect(() => environment({ NAME: text }, source)).toThrow(new EnvironmentError(message));
  });
});

describe('a number variable', () => {
  it.each([
    [{}, 60],
    [{ SECONDS: '0' }, 0],
    [{ SECONDS: '1.5' }, 1.5],
    [{ SECONDS: '0300' }, 300],
  ])('is read from %j as %d', (source, value) => {
    expect(environment({ SECONDS: number(60) }, source)).toEqual({ SECONDS: value });
  });

  it.each(['', ' ', '-1', '1e3', 'sixty', '5 s', '1.', '.5'])('must not be %j', (SECONDS) => {
    expect(() => environment({ SECONDS: number(60) }, { SECONDS })).toThrow(
      'Environment: SECONDS: is not a number of at least zero',
    );
  });
});

describe('a positive integer variable', () => {
  it('is read', () => {
    expect(environment({ TRIES: positiveInteger }, { TRIES: '15' })).toEqual({ TRIES: 15 });
  });

  it.each(['', '0', '-1', '1.5', '05', 'five'])('must not be %j', (TRIES) => {
    expect(() => environment({ TRIES: positiveInteger }, { TRIES })).toThrow(
      'Environment: TRIES: is not a whole number of at least one',
    );
  });

  it('must not be missing', () => {
    expect(() => environment({ TRIES: positiveInteger }, {})).toThrow('Environment: TRIES: is missing');
  });
});

describe('a list variable', () => {
  it.each([
    [{}, []],
    [{ URLS: '' }, []],
    [{ URLS: 'a' }, ['a']],
    [{ URLS: '  a \n b\tc ' }, ['a', 'b', 'c']],
  ])('is read from %j as %j', (source, value) => {
    expect(environment({ URLS: list }, source)).toEqual({ URLS: value });
  });
});

describe('environment', () => {
  it('names every variable that is missing or wrong', () => {
    const read = () =>
      environment(
        { ONE: text, TWO: text, SECONDS: number(1), FINE: text },
        { TWO: '', SECONDS: 'x', FINE: 'y' },
      );

    expect(read).toThrow(
      'Environment: ONE: is missing; TWO: is empty; SECONDS: is not a number of at least zero',
    );
  });

  it('reads the given variables only, by default those of the process', () => {
    expect(environment({ STAGE: text })).toEqual({ STAGE: 'test' });
  });
});
