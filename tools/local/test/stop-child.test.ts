import { askToStop } from '../src/stop-child.ts';

it.each([
  ['linux', true, ['kill SIGTERM']],
  ['win32', true, ['disconnect']],
  ['win32', false, ['kill SIGTERM']],
] as const)('on %s a child with an open channel (%s) is stopped by %j', (platform, connected, expected) => {
  const calls: string[] = [];
  const child = {
    connected,
    disconnect: () => void calls.push('disconnect'),
    kill: (signal?: NodeJS.Signals | number) => calls.push(`kill ${signal}`) > 0,
  };

  askToStop(child, platform);

  expect(calls).toEqual(expected);
});
