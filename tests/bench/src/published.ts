import { resolve } from 'node:path';

/** The figures that the page shows. */
export const published = resolve(__dirname, '../results/figures.json');
