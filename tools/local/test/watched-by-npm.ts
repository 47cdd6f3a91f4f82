import { watchNpm } from '../src/parents.ts';

// Runs until the processes that started it have ended. Its only output is its process id.
setInterval(() => undefined, 60_000);
watchNpm(() => process.exit());
process.stdout.write(`${process.pid}\n`);
