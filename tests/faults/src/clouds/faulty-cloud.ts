import { type CloudPlatform, startCloudPlatform } from '@orderly/clouds/platform';

/** Gets a message of a topic, as a further subscriber does. */
type Watch = (topic: string, body: string) => void;

/** The whole platform on the libraries of a cloud, with somebody who sees every message and every mail. */
export interface FaultyCloud extends CloudPlatform {
  /** Who gets each message of every topic from now on; nobody, where it is undefined. */
  watch(watcher: Watch | undefined): void;
  /**
   * Kills the process of a service at once, in the middle of whatever it does, and starts it again at its port.
   *
   * @returns once it answers again
   * @throws Error when it does not start
   */
  restart(service: string): Promise<void>;
  /** Messages of subscriptions that are not done. */
  waiting(): number;
  /** The Message-IDs of mails: they are logged instead of being sent. */
  readonly mails: readonly string[];
}

export interface FaultyCloudOptions {
  readonly cloud: CloudPlatform['cloud'];
  /** Gets every line that the services print. */
  readonly log: (line: string) => void;
}

/** Starts it beside any platform that runs. @throws Error when it does not start */
export async function startFaultyCloud({ cloud, log }: FaultyCloudOptions): Promise<FaultyCloud> {
  const mails: string[] = [];
  let watcher: Watch | undefined;
  const platform = await startCloudPlatform({
    cloud,
    stage: `faults${process.pid}`,
    onLine(service, line) {
      log(`${service} | ${line}`);
      if (service === 'notifications') mails.push(...mailIn(line));
    },
    watch: {
      published: (body, topic) => watcher?.(topic, body),
      message: () => undefined,
      invocation: () => undefined,
    },
  });
  return {
    ...platform,
    mails,
    async restart(service) {
      const { pid, ended } = platform.services[service] ?? {};
      if (pid === undefined) throw new Error(`The service ${service} does not run`);
      process.kill(pid, 'SIGKILL');
      await ended;
      await platform.startService(service);
    },
    waiting: () => platform.queues().reduce((sum, { waiting, inFlight }) => sum + waiting + inFlight, 0),
    watch(next) {
      watcher = next;
    },
  };
}

/** @returns the Message-ID of the mail that a line of the log channel is about */
const mailIn = (line: string): readonly string[] => {
  const [, messageId] = /"message":"Notification".*"messageId":"([^"]+)"/.exec(line) ?? [];
  return messageId === undefined ? [] : [messageId];
};
