/** The values of a metric that were added since the last line. */
export interface Metric {
  readonly unit: 'Count' | 'Seconds' | 'Milliseconds';
  readonly values: number[];
}
