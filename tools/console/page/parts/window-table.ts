import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { type ComponentChildren, html, type VNode } from '../html.ts';
import { windowOf } from '../model/window.ts';

interface Props<Row> {
  readonly label: string;
  readonly head: ComponentChildren;
  readonly rows: readonly Row[];
  readonly idOf: (row: Row) => string;
  readonly draw: (row: Row) => VNode;
  /** The row that must be in sight when it changes; '' for none. */
  readonly selected: string;
  readonly onKey?: (event: KeyboardEvent) => void;
}

/** The height that the style gives a row. */
const ROW = 34;

/** A table of any length that draws the rows in sight. New rows at its top do not move what one reads. */
export const WindowTable = <Row>({ label, head, rows, idOf, draw, selected, onKey }: Props<Row>): VNode => {
  const box = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ scrolled: 0, height: 600 });
  const newest = useRef('');

  const measure = (): void => {
    const element = box.current;
    if (element) setView({ scrolled: element.scrollTop, height: element.clientHeight });
  };
  useEffect(() => {
    const watch = new ResizeObserver(measure);
    if (box.current) watch.observe(box.current);
    return () => watch.disconnect();
  }, []);

  const first = rows[0];
  const firstId = first === undefined ? '' : idOf(first);
  useLayoutEffect(() => {
    const added = newest.current ? rows.findIndex((row) => idOf(row) === newest.current) : 0;
    newest.current = firstId;
    // Not read from the element, which would lay out the page in the middle of its change.
    if (box.current && view.scrolled > 0 && added > 0) box.current.scrollTop = view.scrolled + added * ROW;
  }, [firstId]);

  useEffect(() => {
    const at = selected ? rows.findIndex((row) => idOf(row) === selected) : -1;
    const element = box.current;
    if (!element || at < 0) return;
    const top = at * ROW;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + 2 * ROW > element.scrollTop + element.clientHeight) {
      element.scrollTop = top + 3 * ROW - element.clientHeight;
    }
  }, [selected]);

  const { first: from, end, before, after } = windowOf(rows.length, ROW, view.scrolled, view.height);
  return html`<div class="window panel flush" ref=${box} tabindex="0" role="region" aria-label=${label}
      onScroll=${measure} onKeyDown=${onKey}>
    <table aria-rowcount=${rows.length + 1}>
      <thead><tr aria-rowindex="1">${head}</tr></thead>
      <tbody>
        ${spacer(before)}
        ${rows.slice(from, end).map(draw)}
        ${spacer(after)}
      </tbody>
    </table>
  </div>`;
};

const spacer = (height: number): VNode | null =>
  height > 0
    ? html`<tr class="spacer" aria-hidden="true"><td style=${{ height: `${height}px` }}></td></tr>`
    : null;
