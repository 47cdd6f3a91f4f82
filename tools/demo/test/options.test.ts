import { resolve } from 'node:path';
import { CommanderError } from 'commander';
import { parseOptions } from '../src/options.ts';

let printed = '';
beforeEach(() => {
  printed = '';
  const print = (text: unknown): boolean => {
    printed += String(text);
    return true;
  };
  jest.spyOn(process.stdout, 'write').mockImplementation(print);
  jest.spyOn(process.stderr, 'write').mockImplementation(print);
});
afterEach(() => jest.restoreAllMocks());

const parse = (...args: string[]) => parseOptions(args, '/home/me');
const defaults = { seed: 1, concurrency: 16, json: false };

describe('the command line', () => {
  it('has a default for every option', () => {
    expect(parse()).toEqual({ ...defaults, file: undefined, limit: undefined, stock: undefined });
  });

  it('takes every option', () => {
    const given = { limit: 200, seed: 7, stock: 0, concurrency: 4, json: true };
    expect(parse('--limit', '200', '--seed=7', '--stock', '0', '--concurrency', '4', '--json')).toEqual(
      given,
    );
  });

  it('resolves the file from the folder of the user', () => {
    expect(parse('--file', '../data.csv').file).toBe(resolve('/home/data.csv'));
    expect(parse('--file', '/data.csv').file).toBe(resolve('/data.csv'));
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
    expect(() => parse(option, value)).toThrow(CommanderError);
    expect(printed).toContain(option);
  });

  it.each([['--bogus'], ['stray'], ['--limit']])('refuses %s', (argument) => {
    expect(() => parse(argument)).toThrow(expect.objectContaining({ exitCode: 1 }));
  });

  it('refuses a seed for a file', () => {
    expect(() => parse('--file', 'x.csv', '--seed', '1')).toThrow(/--seed.*--file/);
  });

  it.each([
    ['--help', /--concurrency <n>/],
    ['--version', /^\d+\.\d+\.\d+\n$/],
  ])('prints what %s asks for', (argument, text) => {
    expect(() => parse(argument)).toThrow(expect.objectContaining({ exitCode: 0 }));
    expect(printed).toMatch(text);
  });
});
