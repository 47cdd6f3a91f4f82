import { startPostgres } from '@orderly/clouds/postgres';

// Starts a server, tells where it is, and waits to be killed.
startPostgres().then(({ url }) => {
  process.send?.(url);
  setInterval(() => undefined, 1_000);
});
