import type { LogEntry } from '../../src/api.ts';
import { html, type VNode } from '../html.ts';
import { clock, dateAndTime, shortId } from '../model/format.ts';
import { address } from '../model/url-state.ts';
import { json, type Tone, tag } from './basics.ts';

const TONES: Readonly<Record<LogEntry['level'], Tone>> = {
  DEBUG: 'plain',
  INFO: 'plain',
  WARN: 'warn',
  ERROR: 'bad',
};

/** Log lines; each opens to the whole line. */
export const logLines = (logs: readonly LogEntry[], withOrder: boolean): VNode =>
  html`<ul class="logs">${logs.map(
    (log) => html`<li key=${log.seq}><details>
      <summary><span class="line"><span class="mono soft" title=${dateAndTime(log.at)}>${clock(log.at)}</span>
        ${tag(TONES[log.level], log.level)}
        <span class="soft">${log.functionName ?? log.service}</span>
        <span class="log-text">${log.message}</span></span></summary>
      ${
        withOrder && log.orderId
          ? html`<p>Order <a class="mono" href=${address(['orders', log.orderId])}>${shortId(log.orderId)}</a></p>`
          : null
      }
      ${json(log.line, 'The whole line')}
    </details></li>`,
  )}</ul>`;
