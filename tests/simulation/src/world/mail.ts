import { REFUSED_DOMAIN } from '@orderly/support/plan';
import type { Conditions } from './conditions.ts';
import { type Reply, type SdkRequest, textOf } from './sdk-request.ts';

/** The part of SES's API that functions call: https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html */
interface SendEmail {
  readonly Content?: { readonly Raw?: { readonly Data?: string } };
  readonly Destination?: { readonly ToAddresses?: readonly string[] };
}

const SEND_EMAIL = '/v2/email/outbound-emails';

const error = (type: string, message: string): Reply => ({
  status: type === 'TooManyRequestsException' ? 429 : 400,
  headers: { 'content-type': 'application/json', 'x-amzn-errortype': type },
  body: { message },
});

/** Amazon SES: takes mails, refuses mailboxes that do not exist, throttles at times. */
export class Mail {
  /** The Message-IDs of mails that were taken, in order; an id is there twice where its mail was. */
  readonly taken: string[] = [];
  /** The Message-IDs of mails that were refused for good. */
  readonly refused = new Set<string>();
  /** Takes nothing until then, in milliseconds since the epoch. */
  awayUntil = 0;
  readonly #world: Conditions;

  constructor(world: Conditions) {
    this.#world = world;
  }

  /** @throws Error for a request that is none of SES */
  serve(request: SdkRequest): Reply {
    const { path } = request;
    if (path !== SEND_EMAIL) throw new Error(`There is no service for ${path}`);
    const { dice, faults, history, scheduler } = this.#world;
    if (scheduler.now() < this.awayUntil || dice.chance(faults.mailThrottled)) {
      this.#world.fault('mail throttled', '');
      return error('TooManyRequestsException', 'Maximum sending rate exceeded.');
    }
    const { Content, Destination } = JSON.parse(textOf(request)) as SendEmail;
    const mime = Buffer.from(Content?.Raw?.Data ?? '', 'base64').toString('utf8');
    const id = /^Message-ID: (<.+>)$/im.exec(mime)?.[1] ?? '';
    const [to = ''] = Destination?.ToAddresses ?? [];
    if (to.endsWith(`@${REFUSED_DOMAIN}`)) {
      this.refused.add(id);
      this.#world.fault('mail refused', id);
      return error('MessageRejected', `Address is on the suppression list: ${to}`);
    }
    this.taken.push(id);
    history.add('mail', id);
    const reply = {
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: { MessageId: dice.uuid() },
    };
    if (!dice.chance(faults.mailAnswerLost)) return reply;
    this.#world.fault('mail answer lost', id);
    return { ...reply, status: 503, body: { message: 'Service Unavailable' } };
  }
}
