import type { TopLevelSpec } from 'vega-lite';

/** Readable on a light and on a dark page. */
const config = {
  background: 'white',
  axis: { labelFontSize: 11, titleFontSize: 12 },
  legend: { titleFontSize: 12 },
};

/** Draws a plot; the same specification gives the same SVG. */
export async function svgOf(spec: TopLevelSpec): Promise<string> {
  // Both are published as ES modules only.
  const [vega, vegaLite] = await Promise.all([import('vega'), import('vega-lite')]);
  const view = new vega.View(vega.parse(vegaLite.compile(spec, { config }).spec), { renderer: 'none' });
  try {
    return `${await view.toSVG()}\n`;
  } finally {
    view.finalize();
  }
}
