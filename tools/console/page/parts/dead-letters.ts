import { useState } from 'preact/hooks';
import type { DeadLetter } from '../../src/api.ts';
import { actions } from '../client.ts';
import { h, html, type VNode } from '../html.ts';
import { pulse } from '../live.ts';
import { ago, counted, dateAndTime, shortId } from '../model/format.ts';
import { address } from '../model/url-state.ts';
import { ActionButton } from './action-button.ts';
import { json } from './basics.ts';

/** What a redrive did, in a sentence; what was not sent is said with its reason. */
export const redrive = async (queue: string, messageId?: string): Promise<string> => {
  const { moved, unsent } = await actions.redrive({ queue, ...(messageId ? { messageId } : {}) });
  const kept = unsent.map(({ messageId: id, reason }) => `${shortId(id)}: ${reason}`).join('; ');
  return `Redrove ${counted(moved, 'message')}.${kept ? ` Kept ${unsent.length}: ${kept}` : ''}`;
};

export const drop = async (queue: string, messageId?: string): Promise<string> => {
  const { dropped, savedTo } = await actions.drop({ queue, ...(messageId ? { messageId } : {}) });
  return `Dropped ${counted(dropped, 'message')}. A copy is in ${savedTo}`;
};

interface Props {
  readonly letter: DeadLetter;
  /** Whether its queue is named: where letters of several queues stand together. */
  readonly withQueue: boolean;
  readonly onDone: () => void;
}

/** A dead letter: why it failed, and what can be done. */
export const DeadLetterCard = ({ letter, withQueue, onDone }: Props): VNode => {
  const [open, setOpen] = useState(false);
  const now = pulse.value?.at ?? Date.now();
  const what = letter.type ?? 'Message';
  const of = `${what} ${letter.subject ?? letter.messageId}`;
  const then = async (work: Promise<string>): Promise<string> => {
    const done = await work;
    onDone();
    return done;
  };
  return html`<article class="letter" aria-label=${`Dead letter: ${of}`}>
    <p class="line"><span><b>${what}</b>${letter.subject ? html` of <span class="mono">${subjectLink(letter)}</span>` : null}${
      withQueue ? html` in <a href=${address(['queues', letter.queue])}>${letter.queue}</a>` : null
    }</span>
      <span class="soft">received ${letter.receives}×, failed <span title=${dateAndTime(letter.failedAt)}>${ago(letter.failedAt, now)}</span></span></p>
    <pre class="why" tabindex="0" role="region" aria-label=${`Reason: ${of}`}>${reasonText(letter)}</pre>
    <div class="actions">
      ${h(ActionButton, {
        label: 'Redrive',
        kind: withQueue ? 'primary' : undefined,
        describe: of,
        run: () => then(redrive(letter.queue, letter.messageId)),
      })}
      <button type="button" class="btn" aria-expanded=${open ? 'true' : 'false'} onClick=${() => setOpen(!open)}>
        ${open ? 'Hide message' : 'Show message'}</button>
      ${h(ActionButton, {
        label: 'Drop',
        describe: of,
        confirm: {
          title: 'Drop this message?',
          text: `${of} is removed from ${letter.queue} and will not be processed. A copy is saved to a file first.`,
          yes: 'Drop it',
        },
        run: () => then(drop(letter.queue, letter.messageId)),
      })}
    </div>
    ${open ? json(letter.body, `Message ${letter.messageId}`) : null}
  </article>`;
};

/** The reason, unless the stack begins with it, and the stack. What is wrong with a message stands line by line. */
const reasonText = ({ reason, stack = '' }: DeadLetter): string => {
  const text = stack.includes(reason) ? stack : `${reason}\n${stack}`;
  return text.replaceAll('; /', ';\n  /').trimEnd();
};

const subjectLink = ({ subject = '' }: DeadLetter): VNode | string =>
  /^[0-9a-f]{8}-[0-9a-f]{4}-/.test(subject)
    ? html`<a href=${address(['orders', subject])} title=${subject}>${shortId(subject)}</a>`
    : subject;
