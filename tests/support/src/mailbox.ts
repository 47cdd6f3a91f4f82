import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';

/** With which code each command is refused, e.g. 550 or 451; not at all where there is none. */
export interface Answers {
  mailFrom?: () => number | undefined;
  rcptTo?: (address: string) => number | undefined;
  data?: () => number | undefined;
}

interface Delivery {
  readonly from: string | undefined;
  readonly to: readonly string[];
  readonly messageId: string;
  /** The whole mail as it came. */
  readonly mail: string;
}

/** The customers' mailboxes, behind a real SMTP server on loopback. */
export class Mailboxes {
  answers: Answers = {};
  /** In the order of arrival; a mail that comes twice is here twice. */
  readonly delivered: Delivery[] = [];
  /** Whom the server lets in; everybody where it is not set. */
  password: string | undefined;
  readonly #server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    logger: false,
    authOptional: true,
    onAuth: ({ username, password }, _session, done) =>
      this.password === undefined || password === this.password
        ? done(null, { user: username })
        : done(refusal(535)),
    onMailFrom: (_address, _session, done) => done(refusal(this.answers.mailFrom?.())),
    onRcptTo: ({ address }, _session, done) => done(refusal(this.answers.rcptTo?.(address))),
    onData: (stream, { envelope: { mailFrom, rcptTo } }, done) => {
      text(stream).then((mail) => {
        const refused = refusal(this.answers.data?.());
        const messageId = /^Message-ID:\s*(<[^>]+>)/im.exec(mail)?.[1] ?? '';
        const from = mailFrom ? mailFrom.address : undefined;
        const to = rcptTo.map(({ address }) => address);
        if (!refused) this.delivered.push({ from, to, messageId, mail });
        done(refused);
      }, done);
    },
  });

  /** @returns its URL, as the platform takes it */
  async open(): Promise<string> {
    // A function that is killed while it speaks to the server.
    this.#server.on('error', () => undefined);
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `smtp://127.0.0.1:${this.port}`;
  }

  get port(): number {
    return (this.#server.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.close(resolve));
  }
}

function refusal(responseCode: number | undefined): Error | null {
  return responseCode === undefined
    ? null
    : Object.assign(new Error(`Answer ${responseCode}`), { responseCode });
}
