import { HelpRequested, parseOptions, UsageError } from '../src/options.ts';

const parse = (...args: string[]) => parseOptions(args, '/home/me');

describe('the command line', () => {
  it('has a default for every option', () => {
    expect(parse()).toEqual({
      file: undefined,
      limit: undefined,
      seed: 1,
      stock: undefined,
      concurrency: 16,
      json: false,
    });
  });

  it('takes every option', () => {
    expect(parse('--limit', '200', '--seed=7', '--stock', '0', '--concurrency', '4', '--json')).toEqual({
      file: undefined,
      limit: 200,
      seed: 7,
      stock: 0,
      concurrency: 4,
      json: true,
    });
  });

  it('resolves the file from the folder of the user', () => {
    expect(parse('--file', '../data.csv').file).toBe('/home/data.csv');
    expect(parse('--file', '/data.csv').file).toBe('/data.csv');
  });

  it.each([
    ['--limit', '0'],
    ['--limit', 'x'],
    ['--limit', '1e3'],
    ['--limit', '1.5'],
    ['--seed', '-1'],
    ['--seed', '4294967296'],
    ['--stock', '-5'],
    ['--stock', ''],
    ['--concurrency', '0'],
    ['--concurrency', '257'],
    ['--file', ' '],
    ['--file', '--json'],
  ])('names the option of a bad value: %s %j', (option, value) => {
    const act = () => parse(option, value);
    expect(act).toThrow(UsageError);
    expect(act).toThrow(option);
  });

  it.each([['--bogus'], ['stray'], ['--limit']])('refuses %s', (argument) => {
    expect(() => parse(argument)).toThrow(UsageError);
  });

  it('refuses a seed for a file', () => {
    expect(() => parse('--file', 'x.csv', '--seed', '1')).toThrow(/--seed.*--file/);
  });

  it('prints its help and its version', () => {
    expect(() => parse('--help')).toThrow(HelpRequested);
    expect(() => parse('--help')).toThrow(/--concurrency <n>/);
    expect(() => parse('--version')).toThrow(/^\d+\.\d+\.\d+\n$/);
  });
});
