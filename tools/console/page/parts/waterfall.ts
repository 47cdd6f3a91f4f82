import { useState } from 'preact/hooks';
import type { SpanEntry } from '../../src/api.ts';
import { h, html, type VNode } from '../html.ts';
import { clock, counted, duration } from '../model/format.ts';
import { type Act, onlyFailed, type SpanRow, ticks, waterfall } from '../model/waterfall.ts';
import { empty, json, tag } from './basics.ts';
import { serviceColour } from './colours.ts';

interface Props {
  readonly spans: readonly SpanEntry[];
  readonly failedOnly: boolean;
}

/** The spans of an order on a time axis for each burst of activity; a click shows a span's attributes. */
export const Waterfall = ({ spans, failedOnly }: Props): VNode => {
  const [selected, setSelected] = useState('');
  const acts = waterfall(failedOnly ? onlyFailed(spans) : spans);
  if (acts.length === 0) {
    return empty(failedOnly ? 'No span failed.' : 'No spans yet. They appear as functions run.');
  }
  const services = [...new Set(spans.map((span) => span.service))];
  return html`<div class="waterfall">
    <ul class="legend" aria-label="Services">${services.map(
      (service) => html`<li><i style=${{ background: serviceColour(service) }}></i>${service}</li>`,
    )}</ul>
    ${acts.map((act) => h(ActRows, { act, selected, onSelect: setSelected }))}
  </div>`;
};

interface ActProps {
  readonly act: Act;
  readonly selected: string;
  readonly onSelect: (spanId: string) => void;
}

const ActRows = ({ act, selected, onSelect }: ActProps): VNode =>
  html`
  ${act.after > 0 ? html`<p class="silence"><span>${duration(act.after)} later, ${clock(act.startTime)}</span></p>` : null}
  <table class="wf">
    <caption class="sr">${counted(act.rows.length, 'span')} from ${clock(act.startTime)}, ${duration(act.duration)}</caption>
    <thead><tr><th scope="col"><span class="sr">Span</span></th><th scope="col" class="axis"><span class="sr">When</span>${axis(act.duration)}</th>
      <th scope="col" class="n"><span class="sr">Duration</span></th></tr></thead>
    <tbody>${act.rows.map((row) => {
      const open = row.span.spanId === selected;
      return html`${spanRow(row, open, () => onSelect(open ? '' : row.span.spanId))}
        ${open ? html`<tr class="detail"><td colspan="3">${spanDetail(row.span)}</td></tr>` : null}`;
    })}</tbody>
  </table>`;

const axis = (length: number): VNode[] =>
  ticks(length)
    .filter((tick) => tick <= length * 0.93)
    .map(
      (tick) =>
        html`<i aria-hidden="true" style=${{ left: `${length > 0 ? (tick / length) * 100 : 0}%` }}>${tick === 0 ? '0' : duration(tick)}</i>`,
    );

const MOST_INDENTS = 8;

const spanRow = ({ span, depth, left, width }: SpanRow, open: boolean, onToggle: () => void): VNode => {
  const failed = span.outcome === 'error';
  return html`<tr class=${failed ? 'failed' : ''}>
    <td style=${{ '--depth': Math.min(depth, MOST_INDENTS) }} title=${`${span.service} ${span.name}`}>
      <button type="button" class="row-button" aria-expanded=${open ? 'true' : 'false'} onClick=${onToggle}>
        <b>${span.service}</b> ${span.name}</button>
      ${failed ? tag('bad', 'failed') : null}</td>
    <td class="bar"><i style=${{
      left: `${left}%`,
      width: `${width}%`,
      background: failed ? 'var(--bad)' : serviceColour(span.service),
    }}></i></td>
    <td class="n soft nowrap">${duration(span.duration)}</td>
  </tr>`;
};

const spanDetail = (span: SpanEntry): VNode =>
  html`
  <p class="soft">${span.kind} span, ${clock(span.startTime)} to ${clock(span.startTime + span.duration)}</p>
  ${span.error ? html`<pre class="why">${span.error}</pre>` : null}
  ${json({ ...span.attributes, traceId: span.traceId, spanId: span.spanId }, `Attributes of ${span.name}`)}`;
