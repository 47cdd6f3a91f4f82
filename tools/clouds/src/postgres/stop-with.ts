import { type ChildProcess, spawn } from 'node:child_process';

/** Waits until whoever started it has ended, then ends the server, and removes the folder. */
const script = 'cat >/dev/null; kill -INT "$1" 2>/dev/null; sleep 1; rm -rf "$2"';

/**
 * Ends a server with this process, even where that is killed.
 *
 * @param folder is removed then
 * @returns a function that lets go of it
 */
export function stopWith(server: ChildProcess, folder: string): () => void {
  if (process.platform === 'win32') {
    const end = () => server.kill();
    process.once('exit', end);
    return () => process.off('exit', end);
  }
  const watcher = spawn('/bin/sh', ['-c', script, 'sh', String(server.pid), folder], {
    // The pipe closes with this process.
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  watcher.unref();
  // A pipe of a child is a socket, which must not keep this process, either.
  Object(watcher.stdin).unref();
  return () => watcher.kill('SIGKILL');
}
