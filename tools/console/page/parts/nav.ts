import { useEffect, useRef } from 'preact/hooks';
import { html, type VNode } from '../html.ts';
import { about, connection, pulse } from '../live.ts';
import { count, counted } from '../model/format.ts';
import { deadLetterCount } from '../model/queues.ts';
import { place } from '../route.ts';
import { setTheme, type Theme, theme } from '../theme.ts';
import { views } from '../view-list.ts';
import { select } from './basics.ts';

const THEMES: readonly (readonly [Theme, string])[] = [
  ['system', 'as the system'],
  ['light', 'light'],
  ['dark', 'dark'],
];

export const Nav = (): VNode => {
  const here = place.value.segments[0] ?? '';
  const list = useRef<HTMLElement>(null);
  useEffect(() => {
    // On a phone the views are in one line, which is longer than the screen.
    const current = list.current?.querySelector<HTMLElement>('[aria-current]');
    if (current && list.current) list.current.scrollLeft = current.offsetLeft - list.current.offsetLeft - 60;
  }, [here]);
  const dead = deadLetterCount(pulse.value?.queues ?? []);
  const { mode, stage } = about.value ?? { mode: 'local', stage: '' };
  return html`<header class="side">
    <a class="brand" href="/"><i class=${connection.value} aria-hidden="true"></i>Orderly
      ${stage ? html`<span class="tag plain">${stage}, ${mode === 'aws' ? 'AWS' : 'local'}</span>` : null}</a>
    <nav aria-label="Views" ref=${list}>
      ${views.map(
        ({ name, segment }) => html`<a
          href="/${segment}" aria-current=${segment === here ? 'page' : undefined}
        >${name}${
          segment === 'queues' && dead > 0
            ? html` <b aria-label=${counted(dead, 'dead letter')}>${count(dead)}</b>`
            : null
        }</a>`,
      )}
    </nav>
    <div class="foot">${footLines()}
      ${select('Colours', theme.value, THEMES, (value) => setTheme(value as Theme))}
    </div>
  </header>`;
};

const footLines = (): VNode | null => {
  const now = pulse.value;
  if (!now) return null;
  const functions = now.services.reduce((sum, service) => sum + service.functions, 0);
  const libraries = about.value?.libraries;
  return html`<p>${libraries ? html`on the libraries of ${libraries}<br />` : null}
    ${counted(now.services.length, 'service')}, ${counted(functions, 'function')}<br />
    memory ${count(now.memoryMb)} MB<br />version ${about.value?.version ?? ''}</p>`;
};
