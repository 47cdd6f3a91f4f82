import { signal } from '@preact/signals';
import type { Feature, OrderRow } from '../../src/api.ts';
import type { Problem } from '../client.ts';
import { type ComponentChildren, html, type VNode } from '../html.ts';
import { about } from '../live.ts';
import { prettyJson } from '../model/format.ts';

type Children = ComponentChildren;
export type Tone = 'good' | 'warn' | 'bad' | 'plain' | 'accent';

export const tag = (tone: Tone, text: Children): VNode => html`<span class="tag ${tone}">${text}</span>`;

const STATUS_TONES: Readonly<Record<OrderRow['status'], Tone>> = {
  PLACED: 'accent',
  CONFIRMED: 'good',
  SHIPPED: 'good',
  REJECTED: 'warn',
  CANCELLED: 'plain',
};

export const statusTag = (status: OrderRow['status']): VNode => tag(STATUS_TONES[status], status);

/** A view's first line. It takes the focus when one comes to the view, so a screen reader reads on from here. */
export const heading = (title: Children, aside?: Children): VNode =>
  html`<div class="head"><h1 tabindex="-1">${title}</h1>${aside ? html`<div class="aside">${aside}</div>` : null}</div>`;

/** @param tools what stands at the right of the panel's title */
export const panel = (title: Children, content: Children, tools?: Children, name = ''): VNode =>
  html`<section class="panel ${name}">
    <div class="panel-head"><h2>${title}</h2>${tools ? html`<div class="tools">${tools}</div>` : null}</div>
    ${content}
  </section>`;

/** Says that there is nothing, and what to do next. */
export const empty = (text: Children): VNode => html`<p class="empty">${text}</p>`;

export const problemNote = (problem: Problem | undefined): VNode | null =>
  problem
    ? html`<p class="note bad" role="alert"><b>${problem.title}</b>${problem.detail ? `: ${problem.detail}` : ''}</p>`
    : null;

export const loadingNote = (loading: boolean): VNode | null =>
  loading ? html`<p class="empty" aria-busy="true">Loading …</p>` : null;

export const json = (value: unknown, label: string): VNode =>
  html`<pre class="json" tabindex="0" role="region" aria-label=${label}>${prettyJson(value)}</pre>`;

export const has = (feature: Feature): boolean => about.value?.features.includes(feature) ?? true;

/** Why a feature is absent, in a sentence: the server's, or `otherwise`. */
export const whyAbsent = (feature: Feature, otherwise: string): string =>
  about.value?.absent[feature] ?? otherwise;

const READ_ONLY = 'This console is read only: start it with --allow-changes to act.';

/** Why nothing can be changed here; '' when it can. */
export const whyReadOnly = (): string => (about.value && !about.value.canChange ? READ_ONLY : '');

/** The last action's result, read aloud politely. */
export const announcement = signal({ text: '', n: 0 });

export const announce = (text: string): void => {
  announcement.value = { text, n: announcement.peek().n + 1 };
};

/** A parameter of the view's state as a button that is on or off. */
export const toggle = (label: Children, on: boolean, onChange: (on: boolean) => void): VNode =>
  html`<button type="button" class="chip" aria-pressed=${on ? 'true' : 'false'} onClick=${() => onChange(!on)}>${label}</button>`;

/** One of several; the empty value is the first. */
export const select = (
  label: string,
  value: string,
  options: readonly (readonly [value: string, text: string])[],
  onChange: (value: string) => void,
): VNode =>
  html`<label class="field"><span>${label}</span>
    <select aria-label=${label} value=${value} onChange=${(event: Event) => onChange(inputValue(event))}>
      ${options.map(([key, text]) => html`<option value=${key} selected=${key === value}>${text}</option>`)}
    </select></label>`;

export const inputValue = (event: Event): string =>
  event.target instanceof HTMLInputElement ||
  event.target instanceof HTMLSelectElement ||
  event.target instanceof HTMLTextAreaElement
    ? event.target.value
    : '';
