import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { consolePort, dynamodbPort, servicePorts, sqsPort } from '@orderly/local/ports';
import { services } from '@orderly/local/services';
import { root } from '../src/bundle.ts';

// What makes the repository work on Windows and in a development container. Neither is at hand where the tests run.

const read = (path: string): string => readFileSync(join(root, path), 'utf8');

const manifests = [
  'package.json',
  ...['shared', 'services', 'tools', 'tests', 'examples'].flatMap((parent) =>
    readdirSync(join(root, parent)).map((name) => `${parent}/${name}/package.json`),
  ),
].filter((path) => existsSync(join(root, path)));

const commands = manifests.flatMap((manifest) =>
  Object.entries<string>(JSON.parse(read(manifest)).scripts ?? {}).map(
    ([name, command]) => [`${manifest} ${name}`, command] as const,
  ),
);

it.each(commands)('the script %s has nothing that only a POSIX shell understands: %s', (_name, command) => {
  const programs = ['node', 'npm', ...readdirSync(join(root, 'node_modules/.bin'))];
  const words = command.split('&&').map((part) => part.trim().split(' ')[0]);

  expect(words.filter((word = '') => !programs.includes(word))).toEqual([]);
  // Variables, substitutions, single quotes, redirections, pipes, several commands in one.
  expect(command.replaceAll('&&', '')).not.toMatch(/[$'`;|<>&]/);
});

it('a checkout has the same line endings on every system', () => {
  expect(read('.gitattributes')).toMatch(/^\* text=auto eol=lf$/m);
});

describe('the development container', () => {
  const container = JSON.parse(read('.devcontainer/devcontainer.json'));

  it('has the version of Node.js that deploys have, and installs by the lockfile', () => {
    expect(container.image).toContain(`/javascript-node:${read('.nvmrc').trim()}-`);
    expect(container.postCreateCommand).toBe('npm ci');
  });

  it('forwards the ports of npm start', () => {
    const [first = ''] = services;
    const ports = [consolePort({}), dynamodbPort({}), sqsPort({})].map(({ port }) => port);

    expect(container.forwardPorts).toEqual(
      expect.arrayContaining([...ports, servicePorts(first, services, {}).http]),
    );
  });
});
