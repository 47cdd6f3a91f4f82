import type { DeadLetter, QueueDetail, QueueMessage, QueueState } from '../../src/api.ts';
import { h, html, type VNode } from '../html.ts';
import { about, history, pulse } from '../live.ts';
import { ago, count, counted, dateAndTime, duration } from '../model/format.ts';
import { byName, deadLettersOf, held, holdsFailedWakeUps, kindName, needsPerson } from '../model/queues.ts';
import { address } from '../model/url-state.ts';
import { ActionButton } from '../parts/action-button.ts';
import { empty, heading, json, loadingNote, panel, problemNote, tag } from '../parts/basics.ts';
import { Chart } from '../parts/chart.ts';
import { DeadLetterCard, drop, redrive } from '../parts/dead-letters.ts';
import { useData } from '../use-data.ts';

export const Queue = ({ id }: { id: string }): VNode => {
  const { value, problem, reload } = useData<QueueDetail>(`/api/queues/${encodeURIComponent(id)}`, 2000);
  const states = byName(pulse.value?.queues ?? []);
  const queue = states.get(id) ?? value?.queue;
  const letters = queue ? deadLettersOf(queue, states) : undefined;
  return html`
    ${heading(html`Queue <span class="mono">${id}</span>`, queue ? tag('plain', kindName(queue)) : null)}
    <p class="lead soft">${queue ? flow(queue) : null} <a href="/queues">All queues</a></p>
    ${problemNote(problem)}
    ${loadingNote(!value && !problem)}
    ${queue ? figures(queue, letters) : null}
    ${value?.deadLetters ? deadLetters(value.queue.name, value.deadLetters, reload) : null}
    ${value && !value.deadLetters ? panel('Messages', messages(value.messages), refresh(reload)) : null}
    ${value && hasAttributes(value) ? panel('Attributes and tags', attributes(value)) : null}`;
};

const refresh = (reload: () => void): VNode | null =>
  about.value?.mode === 'aws'
    ? html`<button type="button" class="btn small" onClick=${reload}>Refresh</button>`
    : null;

const flow = (queue: QueueState): string => {
  const { publisher, topic, consumer, kind, events } = queue;
  if (holdsFailedWakeUps(queue))
    return `Messages by which ${consumer} woke itself, and failed. They are no events.`;
  if (kind === 'wake-ups') return `${consumer} wakes itself by these messages. They are no events.`;
  if (kind !== 'subscription') return publisher || consumer ? `Of ${consumer ?? publisher}.` : '';
  const only = events.length > 0 ? `, only ${events.join(', ')}` : '';
  return `${consumer ?? 'A consumer'} reads ${topic ?? 'a topic'}${publisher ? ` of ${publisher}` : ''} from it${only}.`;
};

const figure = (name: string, value: unknown, tone = '', below: unknown = null): VNode =>
  html`<section class="panel figure"><h2>${name}</h2><p class="num ${tone}">${value}</p>${below}</section>`;

const figures = (queue: QueueState, letters: QueueState | undefined): VNode => {
  const dead = letters ? held(letters) : 0;
  const [waiting = [], inFlight = []] = [
    history.get(`waiting ${queue.name}`),
    history.get(`inFlight ${queue.name}`),
  ];
  const failures = needsPerson(queue);
  return html`<div class=${letters ? 'four' : 'three'}>
    ${figure(
      failures ? 'Messages' : 'Waiting',
      count(queue.waiting),
      failures && queue.waiting > 0 ? 'bad' : '',
      h(Chart, {
        label: `Messages that wait: now ${queue.waiting}`,
        series: [{ name: 'waiting', colour: failures ? '--bad' : '--warn', values: waiting }],
        format: (value) => `${count(value)} waiting`,
      }),
    )}
    ${figure(
      'In flight',
      count(queue.inFlight),
      '',
      h(Chart, {
        label: `Messages in flight: now ${queue.inFlight}`,
        series: [{ name: 'in flight', colour: '--accent', values: inFlight }],
        format: (value) => `${count(value)} in flight`,
      }),
    )}
    ${figure('Oldest message', queue.oldestAge === undefined ? html`<small>none waits</small>` : duration(queue.oldestAge), '', html`<p class="soft">${count(queue.sentLastMinute)} sent in the last minute</p>`)}
    ${
      letters
        ? figure(
            'Dead letters',
            count(dead),
            dead > 0 ? 'bad' : '',
            html`<a href=${address(['queues', letters.name])}>${letters.name}</a>`,
          )
        : null
    }
  </div>`;
};

/** More at once would not be read, and would make the page slow. */
const MOST_LETTERS = 50;

const deadLetters = (name: string, letters: readonly DeadLetter[], reload: () => void): VNode => {
  const then = async (work: Promise<string>): Promise<string> => {
    const text = await work;
    reload();
    return text;
  };
  const all = counted(letters.length, 'message');
  const tools =
    letters.length > 0
      ? html`${h(ActionButton, { label: 'Redrive all', kind: 'primary', run: () => then(redrive(name)) })}
        ${h(ActionButton, {
          label: 'Drop all',
          confirm: {
            title: `Drop all ${all}?`,
            text: `All messages of ${name} are removed and will not be processed. A copy is saved to a file first.`,
            yes: `Drop ${all}`,
          },
          run: () => then(drop(name)),
        })}`
      : refresh(reload);
  return panel(
    `Dead letters (${letters.length})`,
    letters.length > 0
      ? html`${letters
          .slice(0, MOST_LETTERS)
          .map((letter) =>
            h(DeadLetterCard, { key: letter.messageId, letter, withQueue: false, onDone: reload }),
          )}${letters.length > MOST_LETTERS ? html`<p class="empty">The first ${MOST_LETTERS} are shown. Redrive all and Drop all act on every one.</p>` : null}`
      : empty('It is empty: nothing to do.'),
    tools,
    letters.length > 0 ? 'bad-edge' : '',
  );
};

const NO_MESSAGES =
  'SQS shows a message only to who receives it, which would hide it from its consumer. Dead letters can be read.';

const messages = (list: readonly QueueMessage[] | undefined): VNode => {
  if (!list) return empty(NO_MESSAGES);
  if (list.length === 0) return empty('No message is in it now.');
  const now = pulse.value?.at ?? Date.now();
  return html`<ul class="plain">${list.map(
    (message) => html`<li key=${message.messageId}><details><summary><span class="line">
      ${tag(message.state === 'in-flight' ? 'accent' : 'plain', message.state === 'in-flight' ? 'in flight' : message.state)}
      <span class="mono">${message.messageId}</span>
      <span class="soft">${message.receives > 0 ? `received ${message.receives}×, ` : ''}sent <span title=${dateAndTime(message.sentAt)}>${ago(message.sentAt, now)}</span>${message.group ? `, group ${message.group}` : ''}</span>
    </span></summary>${json(message.body, `Message ${message.messageId}`)}</details></li>`,
  )}</ul>`;
};

const hasAttributes = ({ attributes: own, tags }: QueueDetail): boolean =>
  Object.keys({ ...own, ...tags }).length > 0;

const attributes = ({ attributes: own, tags }: QueueDetail): VNode => html`<dl class="facts">
  ${Object.entries({ ...own, ...tags }).map(([name, value]) => html`<dt>${name}</dt><dd class="mono">${value}</dd>`)}
</dl>`;
