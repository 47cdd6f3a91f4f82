import { useEffect } from 'preact/hooks';
import { h, html, type VNode } from './html.ts';
import { about, connection, pausedAt, pulse } from './live.ts';
import { clock } from './model/format.ts';
import { announcement, whyReadOnly } from './parts/basics.ts';
import { FaultBar } from './parts/fault-bar.ts';
import { Nav } from './parts/nav.ts';
import { TopBar } from './parts/top-bar.ts';
import { place } from './route.ts';
import { viewOf } from './view-list.ts';

export const App = (): VNode => {
  const { segments } = place.value;
  const view = viewOf(segments);
  const title = view?.name ?? 'Nothing here';
  useEffect(() => {
    const what = segments[1] ? `${segments[1]} · ${title}` : title;
    document.title = `${what} · Orderly console`;
  }, [title, segments[1]]);

  return html`<div class="app">
    <a class="skip" href="#main">Skip to the view</a>
    ${h(Nav, {})}
    <div class="page">
      ${h(TopBar, {})}
      ${h(Notices, {})}
      <main id="main" tabindex="-1">
        ${view ? h(view.component, { key: `${view.name}/${segments[1] ?? ''}`, id: segments[1] ?? '' }) : h(NotFound, {})}
      </main>
    </div>
    ${h(Announcer, {})}
  </div>`;
};

const NotFound = (): VNode =>
  html`<h1 tabindex="-1">Nothing here</h1><p class="empty">No view has this address. <a href="/">Go to the platform</a>.</p>`;

/** What holds for every view: faults that are on, a lost connection, a pause, the cost of a look. */
const Notices = (): VNode =>
  html`${h(FaultBar, {})}
  <div role="status">
    ${
      connection.value === 'lost'
        ? html`<p class="note plain">The connection to the console is lost; it is tried again. What you see may be old.</p>`
        : null
    }
    ${
      pausedAt.value
        ? html`<p class="note plain">Paused at ${clock(pausedAt.value)}: the page shows what was then.</p>`
        : null
    }
  </div>
  ${whatHolds() ? html`<aside class="note plain" aria-label="About this stage">${whatHolds()}</aside>` : null}
  ${about.value && pulse.value === null && connection.value === 'open' ? html`<p class="sr">Waiting for the first figures.</p>` : null}`;

/** What a look costs, and that nothing can be changed. */
const whatHolds = (): string => [about.value?.costNotice, whyReadOnly()].filter(Boolean).join(' ');

/** Shows and reads aloud what an action did. */
const Announcer = (): VNode => {
  const { text, n } = announcement.value;
  useEffect(() => {
    if (!text) return;
    const timer = setTimeout(() => {
      if (announcement.peek().n === n) announcement.value = { text: '', n };
    }, 8000);
    return () => clearTimeout(timer);
  }, [text, n]);
  return html`<div class="toast ${text ? 'on' : ''}" role="status" aria-live="polite">${text}</div>`;
};
