/** What a broken promise is counted as. */
export type Harm = 'lost' | 'doubled' | 'oversold' | 'inconsistent' | 'out of order' | 'untried' | 'late';

export interface Finding {
  readonly harm: Harm;
  /** One sentence that names what it is about. */
  readonly text: string;
}

export const found = (harm: Harm, text: string): Finding => ({ harm, text });
