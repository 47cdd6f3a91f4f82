import type { Delivery, EventEntry } from '../../src/api.ts';
import { html, type VNode } from '../html.ts';
import { clock, counted, dateAndTime } from '../model/format.ts';
import { address } from '../model/url-state.ts';
import { json, type Tone, tag } from './basics.ts';

const TONES: Readonly<Record<Delivery['state'], Tone>> = {
  waiting: 'plain',
  'in-flight': 'accent',
  taken: 'good',
  dead: 'bad',
};

const WORDS: Readonly<Record<Delivery['state'], string>> = {
  waiting: 'waiting',
  'in-flight': 'in flight',
  taken: 'taken',
  dead: 'dead letter',
};

/** Who got an event, and how it went. */
export const deliveryTags = (deliveries: readonly Delivery[]): VNode =>
  html`<span class="tags">${deliveries.map(
    ({ queue, consumer, state, receives }) =>
      html`<a class="tag ${TONES[state]}" href=${address(['queues', queue])}
      title=${`${queue}: ${WORDS[state]}, received ${receives}×`}>${consumer}${state === 'taken' && receives <= 1 ? '' : `: ${WORDS[state]}`}${receives > 1 ? ` ${receives}×` : ''}</a>`,
  )}</span>`;

export const taken = ({ deliveries }: EventEntry): VNode | null => {
  if (deliveries.length === 0) return tag('plain', 'no subscriber');
  const done = deliveries.filter(({ state }) => state === 'taken').length;
  const dead = deliveries.some(({ state }) => state === 'dead');
  const tone: Tone = dead ? 'bad' : done === deliveries.length ? 'good' : 'plain';
  return tag(tone, `${done} of ${deliveries.length}`);
};

/** The events of one order, oldest first, with who got them. */
export const eventList = (events: readonly EventEntry[]): VNode =>
  html`<ul class="plain">${events.map(
    (entry) => html`<li key=${entry.id}><details><summary><span class="line">
      <time class="mono soft" title=${dateAndTime(entry.at)}>${clock(entry.at)}</time> <b>${entry.type}</b>
      <span class="soft">${entry.topic}${entry.sequence === undefined ? '' : `, sequence ${entry.sequence}`}</span></span></summary>
      ${json(entry.event, `Payload of ${entry.type}`)}</details>
      <div class="under">${entry.deliveries.length === 0 ? tag('plain', 'no subscriber') : deliveryTags(entry.deliveries)}
        <span class="sr">${counted(entry.deliveries.length, 'delivery', 'deliveries')}</span></div></li>`,
  )}</ul>`;
