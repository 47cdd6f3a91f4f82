import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';

/** The customers' mailboxes, behind a real SMTP server. */
export class Mailboxes {
  /** Message-IDs in the order of arrival; one that comes twice is here twice. */
  readonly delivered: string[] = [];
  /** Decides for each message whether the server is too busy for it (SMTP 451: try again later). */
  busy: () => boolean = () => false;
  readonly #server: SMTPServer;

  /** @param refuses whether there is no mailbox for an address (SMTP 550) */
  constructor(refuses: (address: string) => boolean) {
    this.#server = new SMTPServer({
      disabledCommands: ['STARTTLS', 'AUTH'],
      logger: false,
      onRcptTo: ({ address }, _session, done) =>
        done(refuses(address) ? refusal(550, 'No such mailbox') : null),
      onData: (stream, _session, done) => {
        text(stream).then((mail) => {
          if (this.busy()) return done(refusal(451, 'Try again later'));
          this.delivered.push(/^Message-ID:\s*(<[^>]+>)/im.exec(mail)?.[1] ?? '');
          done();
        }, done);
      },
    });
  }

  /** @returns its URL, as the platform takes it */
  async open(): Promise<string> {
    // A function that is killed while it speaks to the server.
    this.#server.on('error', () => undefined);
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `smtp://127.0.0.1:${(this.#server.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.close(resolve));
  }
}

function refusal(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode });
}
