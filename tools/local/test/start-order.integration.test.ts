import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '@orderly/support/eventually';
import { type Emulators, startEmulators } from '../src/emulators.ts';
import { freePort, freeServicePorts } from '../src/ports.ts';
import { type ServiceProcess, startService } from '../src/service-process.ts';
import { folderOf } from '../src/services.ts';

const name = 'notifications';
const dir = folderOf(name);
const START_MS = 60_000;

let service: ServiceProcess | undefined;
let emulators: Emulators | undefined;

afterEach(async () => {
  await service?.stop();
  await emulators?.stop();
});

it(
  'a service builds its functions before the emulators start, and is ready after the message that they are up',
  async () => {
    const ports = { dynamodb: await freePort(), sqs: await freePort() };
    const env = {
      ...process.env,
      ...(await freeServicePorts()),
      // A service ends at once when an endpoint that is given does not answer.
      ORDERLY_DYNAMODB_ENDPOINT: `http://127.0.0.1:${ports.dynamodb}`,
      ORDERLY_SQS_ENDPOINT: `http://127.0.0.1:${ports.sqs}`,
    };
    const stage = `s${ports.sqs}`;
    service = startService({ name, dir, stage, onLine: () => undefined, env });
    const built = join(
      dir,
      `.esbuild-offline-${service.pid}`,
      '.build/src/functions/consume-order-events.js',
    );
    await eventually(() => expect(existsSync(built)).toBe(true), START_MS);

    emulators = await startEmulators(ports);
    service.goOn();

    expect(await service.ready).toMatchObject({ type: 'ready', stage });
  },
  2 * START_MS,
);
