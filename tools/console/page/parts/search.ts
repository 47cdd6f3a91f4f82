import { useEffect, useRef, useState } from 'preact/hooks';
import type { OrderPage } from '../../src/api.ts';
import { h, html, type VNode } from '../html.ts';
import { pulse } from '../live.ts';
import { count } from '../model/format.ts';
import { type Hit, searchHits } from '../model/search.ts';
import { apiPath } from '../model/url-state.ts';
import { go } from '../route.ts';
import { useData } from '../use-data.ts';
import { inputValue } from './basics.ts';

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.matches('input, select, textarea, [contenteditable]');

/** Finds an order, a customer, a SKU, an event or a queue, from every view. `/` comes here. */
export const Search = (): VNode => {
  const [text, setText] = useState('');
  const [asked, setAsked] = useState('');
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== '/' || event.ctrlKey || event.metaKey || isTyping(event.target)) return;
      if (document.querySelector('dialog[open]')) return;
      event.preventDefault();
      input.current?.select();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);

  useEffect(() => {
    const timer = setTimeout(() => setAsked(text.trim()), 200);
    return () => clearTimeout(timer);
  }, [text]);

  const orders = useData<OrderPage>(asked ? apiPath('/api/orders', { query: asked, limit: 5 }) : '');
  const current = orders.loading || asked !== text.trim() ? undefined : orders.value;
  const hits = text.trim() ? searchHits(text.trim(), pulse.value?.queues ?? [], current?.orders ?? []) : [];

  const leave = (): void => {
    setOpen(false);
    setText('');
  };
  const choose = (hit: Hit | undefined): void => {
    if (!hit) return;
    leave();
    input.current?.blur();
    go(hit.href);
  };
  const move = (step: number): void => {
    const links = [...(box.current?.querySelectorAll<HTMLElement>('.hits a') ?? [])];
    const at = links.indexOf(document.activeElement as HTMLElement) + step;
    (at < 0 ? input.current : links[Math.min(at, links.length - 1)])?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') {
      leave();
      input.current?.focus();
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      move(event.key === 'ArrowDown' ? 1 : -1);
    } else if (event.key === 'Enter' && event.target === input.current) {
      choose(hits[0]);
    }
  };

  return html`<div class="search" role="search" ref=${box} onKeyDown=${onKeyDown}
      onFocusOut=${(event: FocusEvent) => {
        if (!box.current?.contains(event.relatedTarget as Node | null)) setOpen(false);
      }}>
    <input type="search" ref=${input} value=${text} aria-label="Search" autocomplete="off" spellcheck=${false}
      placeholder="Order, customer, SKU, event, queue …"
      onFocus=${() => setOpen(true)}
      onInput=${(event: Event) => {
        setText(inputValue(event));
        setOpen(true);
      }} />
    <kbd aria-hidden="true">/</kbd>
    <span class="sr" role="status">${open && current && text ? `${count(hits.length)} suggestions` : ''}</span>
    ${
      open && hits.length > 0
        ? html`<ul class="hits" aria-label="Suggestions">
            ${hits.map((hit) => h(HitRow, { hit, onChoose: choose }))}
          </ul>`
        : null
    }
  </div>`;
};

const HitRow = ({ hit, onChoose }: { hit: Hit; onChoose: (hit: Hit) => void }): VNode =>
  html`<li><a href=${hit.href} onClick=${(event: Event) => {
    event.preventDefault();
    onChoose(hit);
  }}><span class="hit-kind">${hit.kind}</span> <span class="hit-title">${hit.title}</span>
    <span class="soft">${hit.detail}</span></a></li>`;
