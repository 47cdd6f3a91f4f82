import { useEffect, useRef, useState } from 'preact/hooks';
import type uPlot from 'uplot';
import { html, type VNode } from '../html.ts';
import { theme } from '../theme.ts';
import { stylesheet } from './stylesheet.ts';

export interface Series {
  readonly name: string;
  /** A CSS variable's name. */
  readonly colour: '--accent' | '--good' | '--warn' | '--bad' | '--soft';
  /** One value a second, the newest last; null where there is none. */
  readonly values: readonly (number | null)[];
}

interface Props {
  readonly label: string;
  readonly series: readonly Series[];
  readonly format: (value: number) => string;
  readonly height?: number;
}

type Plot = typeof uPlot;
let loading: Promise<Plot> | undefined;
const loadPlot = (): Promise<Plot> => {
  stylesheet('chart');
  loading ??= import('uplot').then((module) => module.default);
  return loading;
};

const dataOf = (series: readonly Series[]): uPlot.AlignedData => {
  const length = Math.max(2, ...series.map(({ values }) => values.length));
  const seconds = Array.from({ length }, (_, n) => n - length + 1);
  const lines = series.map(({ values }) => [...Array<null>(length - values.length).fill(null), ...values]);
  return [seconds, ...lines];
};

/** The canvas knows no variables: the colour is read from an element that has it. */
const colourOf = (name: string, element: HTMLElement): string => {
  element.style.color = `var(${name})`;
  const { color } = getComputedStyle(element);
  element.style.color = '';
  return color;
};

/** A line without axes; under the pointer it says the value and how long ago it was. */
export const Chart = ({ label, series, format, height = 46 }: Props): VNode => {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const [reading, setReading] = useState('');
  const latest = useRef(series);
  latest.current = series;
  const chosen = theme.value;

  useEffect(() => {
    let gone = false;
    let watch: ResizeObserver | undefined;
    const dark = matchMedia('(prefers-color-scheme: dark)');
    const draw = async (): Promise<void> => {
      // Without its drawing a figure still has its number.
      const Plot = await loadPlot().catch(() => undefined);
      const element = box.current;
      if (gone || !element || !Plot) return;
      plot.current?.destroy();
      const lines = latest.current;
      plot.current = new Plot(
        options(lines, element.clientWidth, height, format, setReading),
        dataOf(lines),
        element,
      );
      watch ??= new ResizeObserver(() => plot.current?.setSize({ width: element.clientWidth, height }));
      watch.observe(element);
    };
    void draw();
    dark.addEventListener('change', draw);
    return () => {
      gone = true;
      watch?.disconnect();
      dark.removeEventListener('change', draw);
      plot.current?.destroy();
    };
  }, [chosen, height]);

  useEffect(() => {
    plot.current?.setData(dataOf(series));
  }, [series]);

  return html`<div class="chart" role="img" aria-label=${label}>
    <div ref=${box}></div><span class="reading soft" aria-hidden="true">${reading}</span></div>`;
};

const options = (
  series: readonly Series[],
  width: number,
  height: number,
  format: (value: number) => string,
  onRead: (text: string) => void,
): uPlot.Options => ({
  width,
  height,
  legend: { show: false },
  padding: [4, 4, 2, 4],
  axes: [{ show: false }, { show: false }],
  scales: {
    x: { time: false },
    y: { range: (_, low, high) => [Math.min(0, low ?? 0), Math.max(high ?? 0, 1)] },
  },
  cursor: { y: false, drag: { x: false, y: false }, points: { size: 6 } },
  series: [
    {},
    ...series.map((line) => ({
      label: line.name,
      stroke: (plot: uPlot) => colourOf(line.colour, plot.root),
      width: 1.5,
      points: { show: false },
      spanGaps: false,
    })),
  ],
  hooks: {
    setCursor: [
      (plot) => {
        const at = plot.cursor.idx;
        if (at == null) return onRead('');
        const values = series.map((line, n) => {
          const value = plot.data[n + 1]?.[at];
          return `${series.length > 1 ? `${line.name} ` : ''}${value == null ? 'none' : format(value)}`;
        });
        const second = -(plot.data[0][at] ?? 0);
        onRead(`${values.join(', ')}, ${second === 0 ? 'now' : `${second} s ago`}`);
      },
    ],
  },
});
