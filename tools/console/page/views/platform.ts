import { useEffect } from 'preact/hooks';
import type { Pulse, QueueState, ServiceState, Topology } from '../../src/api.ts';
import { actions } from '../client.ts';
import { h, html, type VNode } from '../html.ts';
import { history, pulse } from '../live.ts';
import { count, counted, duration } from '../model/format.ts';
import { byName, deadLetterCount, held, needsPerson } from '../model/queues.ts';
import { address } from '../model/url-state.ts';
import { ActionButton } from '../parts/action-button.ts';
import { empty, has, heading, loadingNote, panel, problemNote, tag } from '../parts/basics.ts';
import { Chart, type Series } from '../parts/chart.ts';
import { Graph } from '../parts/graph.ts';
import { useData } from '../use-data.ts';

export const Platform = (): VNode => {
  const topology = useData<Topology>('/api/topology', 5000);
  const now = pulse.value;
  const known = now ? now.queues.map(({ name }) => name).join() : '';
  // A subscription that appears belongs to a topic: which one, the server knows.
  useEffect(topology.reload, [known]);
  if (!now) return html`${heading('Platform')}${loadingNote(true)}`;

  const stuck = topology.value?.stuck ?? [];
  return html`
    ${heading('Platform')}
    ${figures(now)}
    ${
      stuck.length > 0
        ? html`<section class="note warn"><h2>What is stuck</h2><ul>${stuck.map((text) => html`<li>${text}</li>`)}</ul></section>`
        : null
    }
    ${problemNote(topology.problem)}
    ${panel(
      'What flows',
      html`${h(Graph, { services: now.services, queues: now.queues, topology: topology.value })}${flowTable(now.queues)}`,
      html`<span class="soft small">the last minute</span>`,
      'flow',
    )}
    ${panel('Services', services(now.services))}`;
};

const figure = (name: string, value: unknown, below: unknown, tone = ''): VNode =>
  html`<section class="panel figure"><h2>${name}</h2><p class="num ${tone}">${value}</p>${below}</section>`;

const line = (name: string, colour: Series['colour'], values: Series['values'] = []): Series => ({
  name,
  colour,
  values: values.slice(-60),
});

const figures = ({ rates, queues }: Pulse): VNode => {
  const dead = deadLetterCount(queues);
  const waiting = queues
    .filter(({ kind }) => kind === 'subscription')
    .reduce((sum, queue) => sum + queue.waiting, 0);
  const { confirmed } = rates;
  return html`<div class="four">
    ${figure(
      'Orders a minute',
      count(rates.ordersLastMinute),
      h(Chart, {
        label: `Orders placed per second in the last minute: now ${rates.placedPerSecond.at(-1) ?? 0}, most ${Math.max(0, ...rates.placedPerSecond)}`,
        series: [line('placed', '--accent', rates.placedPerSecond)],
        format: (value) => `${count(value)} a second`,
      }),
    )}
    ${figure(
      'Placed to confirmed',
      confirmed
        ? html`${withUnit(confirmed.p50, 'p50')} ${' '} ${withUnit(confirmed.p95, 'p95')}`
        : html`<small>none in the last minute</small>`,
      h(Chart, {
        label: confirmed
          ? `Placed to confirmed: median ${duration(confirmed.p50)}, 95th percentile ${duration(confirmed.p95)}`
          : 'No order was confirmed in the last minute',
        series: [line('p50', '--soft', history.get('p50')), line('p95', '--good', history.get('p95'))],
        format: duration,
      }),
    )}
    ${figure(
      'Waiting in queues',
      count(waiting),
      h(Chart, {
        label: `Messages that wait: now ${count(waiting)}, most ${Math.max(0, ...rates.waiting)}`,
        series: [line('waiting', '--warn', rates.waiting)],
        format: (value) => `${count(value)} waiting`,
      }),
    )}
    ${figure('Dead letters', count(dead), deadLetterLinks(queues), dead > 0 ? 'bad' : '')}
  </div>`;
};

const withUnit = (ms: number, name: string): VNode => {
  const [value, ...unit] = duration(ms).split(' ');
  return html`${value} <small>${unit.join(' ')} ${name}</small>`;
};

const MOST_LINKS = 2;

const deadLetterLinks = (queues: readonly QueueState[]): VNode => {
  const full = queues.filter((queue) => needsPerson(queue) && held(queue) > 0);
  if (full.length === 0) return html`<p class="soft">Nothing needs you.</p>`;
  const more = full.length - MOST_LINKS;
  return html`<ul class="plain compact">${full
    .slice(0, MOST_LINKS)
    .map(
      (queue) =>
        html`<li>${count(held(queue))} in <a href=${address(['queues', queue.name])}>${queue.name}</a></li>`,
    )}${more > 0 ? html`<li><a href="/queues?failed=1">${counted(more, 'more queue')}</a></li>` : null}</ul>`;
};

/** The graph as text: for screen readers, and for phones, where the graph would be too small. */
const flowTable = (queues: readonly QueueState[]): VNode => {
  const states = byName(queues);
  const rows = queues.filter(({ kind }) => kind === 'subscription');
  if (rows.length === 0) return empty('No subscription yet. It appears when a service with one starts.');
  return html`<details class="flow-text" open=${matchMedia('(max-width: 720px)').matches}><summary class="soft">As a table</summary>
    <table><caption class="sr">Subscriptions</caption>
    <thead><tr><th scope="col">From</th><th scope="col">Subscription</th><th scope="col" class="n">Waiting</th><th scope="col" class="n">Dead letters</th></tr></thead>
    <tbody>${rows.map((queue) => {
      const letters = queue.deadLetterQueue ? states.get(queue.deadLetterQueue) : undefined;
      const dead = letters ? held(letters) : 0;
      return html`<tr key=${queue.name}><td>${queue.publisher ?? queue.topic}</td>
        <td><a href=${address(['queues', queue.name])}>${queue.name}</a></td><td class="n">${count(queue.waiting)}</td>
        <td class="n">${dead > 0 && letters ? html`<a class="bad" href=${address(['queues', letters.name])}>${count(dead)}</a>` : '0'}</td></tr>`;
    })}</tbody></table></details>`;
};

const services = (list: readonly ServiceState[]): VNode =>
  list.length === 0
    ? empty('No service is known.')
    : html`<div class="scroll" tabindex="0" role="region" aria-label="Services"><table>
      <thead><tr><th scope="col">Service</th><th scope="col">State</th><th scope="col" class="n">Functions</th>
        <th scope="col" class="n">Calls / min</th><th scope="col" class="n">Errors / min</th><th scope="col">Address</th><th scope="col"><span class="sr">Action</span></th></tr></thead>
      <tbody>${list.map(serviceRow)}</tbody></table></div>`;

const serviceRow = (service: ServiceState): VNode => {
  const { name, state } = service;
  const stopped = state === 'stopped';
  return html`<tr key=${name}><td><a href=${address(['functions'], { service: name })}>${name}</a></td>
    <td>${tag(state === 'running' ? 'good' : 'warn', state)}</td>
    <td class="n">${count(service.functions)}</td><td class="n">${count(service.invocations)}</td>
    <td class="n ${service.errors > 0 ? 'bad' : ''}">${count(service.errors)}</td>
    <td class="mono soft">${service.url ?? ''}</td>
    <td class="n">${
      has('services')
        ? h(ActionButton, {
            label: stopped ? 'Start' : 'Stop',
            kind: 'small',
            describe: name,
            disabled: state === 'starting' ? 'It is starting.' : undefined,
            run: async () => {
              const { state: next } = stopped
                ? await actions.startService(name)
                : await actions.stopService(name);
              return `${name} is ${next}.`;
            },
          })
        : null
    }</td></tr>`;
};
