import type { ChildProcess } from 'node:child_process';

/**
 * Asks a child that has a channel to this process to stop. It must stop on SIGTERM and when the channel closes: Windows has no
 * SIGTERM, and a child that gets one there ends at once, without stopping what it has started.
 */
export const askToStop = (
  child: Pick<ChildProcess, 'connected' | 'disconnect' | 'kill'>,
  platform: NodeJS.Platform = process.platform,
): void => {
  if (platform === 'win32' && child.connected) child.disconnect();
  else child.kill('SIGTERM');
};
