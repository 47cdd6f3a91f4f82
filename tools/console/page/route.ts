import { computed, signal } from '@preact/signals';
import { address, changeQuery, type Place, parsePlace, type QueryChange } from './model/url-state.ts';

const current = (): Place => parsePlace(location.pathname, location.search);

const state = signal(current());

/** Where the page is: each view reads its state from here. */
export const place = computed(() => state.value);

/** A parameter of the address; '' when it has none. */
export const param = (name: string): string => state.value.query[name] ?? '';

export const go = (href: string): void => {
  history.pushState(null, '', href);
  arrive();
  window.scrollTo(0, 0);
};

/**
 * Changes parameters of this view's address.
 * @param step whether the back button returns to the state before; text that is typed makes no step
 */
export const setParams = (change: QueryChange, step = true): void => {
  const { segments, query } = state.value;
  const href = address(segments, changeQuery(query, change));
  if (step) history.pushState(null, '', href);
  else history.replaceState(null, '', href);
  state.value = current();
};

const arrive = (): void => {
  const before = state.value.segments.join('/');
  state.value = current();
  // A screen reader reads on at the new view's heading, as after a full load.
  if (state.value.segments.join('/') !== before) {
    requestAnimationFrame(() =>
      document.querySelector<HTMLElement>('main h1')?.focus({ preventScroll: true }),
    );
  }
};

const isPlain = (event: MouseEvent): boolean =>
  event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;

/** Links within the page change the address without a load. */
export const followLinks = (): void => {
  addEventListener('popstate', arrive);
  document.addEventListener('click', (event) => {
    if (event.defaultPrevented || !isPlain(event) || !(event.target instanceof Element)) return;
    const href = event.target.closest('a')?.getAttribute('href');
    if (!href?.startsWith('/') || href.startsWith('/api/')) return;
    event.preventDefault();
    go(href);
  });
};
