import type { AddressInfo } from 'node:net';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';

/** What a mail server answers, e.g. 550; it takes the mail where nothing is set. */
export interface Answers {
  mailFrom?: number;
  rcptTo?: number;
  data?: number;
}

interface Delivery {
  readonly from: string | undefined;
  readonly to: readonly string[];
  readonly mail: ParsedMail;
}

/** A real SMTP server on loopback, that keeps what it takes. */
export class Postbox {
  answers: Answers = {};
  readonly deliveries: Delivery[] = [];
  /** Whom it lets in; everybody where it is not set. */
  password: string | undefined;
  private readonly server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    logger: false,
    authOptional: true,
    onAuth: ({ username, password }, _session, done) =>
      this.password === undefined || password === this.password
        ? done(null, { user: username })
        : done(refusal(535)),
    onMailFrom: (_address, _session, done) => done(refusal(this.answers.mailFrom)),
    onRcptTo: (_address, _session, done) => done(refusal(this.answers.rcptTo)),
    onData: (stream, { envelope }, done) => {
      simpleParser(stream).then((mail) => {
        const refused = refusal(this.answers.data);
        const { mailFrom, rcptTo } = envelope;
        const from = mailFrom ? mailFrom.address : undefined;
        if (!refused) this.deliveries.push({ from, to: rcptTo.map(({ address }) => address), mail });
        done(refused);
      }, done);
    },
  });

  /** @param port 0 for any that is free */
  async open(port = 0): Promise<number> {
    await new Promise<void>((resolve) => this.server.listen(port, '127.0.0.1', resolve));
    return this.port;
  }

  get port(): number {
    return (this.server.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => this.server.close(resolve));
  }
}

function refusal(responseCode: number | undefined): Error | null {
  return responseCode === undefined
    ? null
    : Object.assign(new Error(`Answer ${responseCode}`), { responseCode });
}
