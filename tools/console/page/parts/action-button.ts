import { useState } from 'preact/hooks';
import { asProblem, type Problem } from '../client.ts';
import { type ComponentChildren, h, html, type VNode } from '../html.ts';
import { announce, problemNote, whyReadOnly } from './basics.ts';
import { Confirm } from './confirm.ts';

export interface ActionProps {
  readonly label: ComponentChildren;
  /** Does it, and returns what is announced. */
  readonly run: () => Promise<string>;
  /** Why it cannot be done now. */
  readonly disabled?: string | undefined;
  readonly kind?: 'primary' | 'danger' | 'small' | undefined;
  /** The question asked first. */
  readonly confirm?: { readonly title: string; readonly text: string; readonly yes: string } | undefined;
  /** The accessible name, where the label alone is not unique. */
  readonly describe?: string | undefined;
}

/** A button that acts: disabled with a reason, busy while it runs, with the server's problem beside it. */
export const ActionButton = ({ label, run, disabled, kind, confirm, describe }: ActionProps): VNode => {
  const [busy, setBusy] = useState(false);
  const [asking, setAsking] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const why = whyReadOnly() || disabled;

  const act = async (): Promise<void> => {
    setAsking(false);
    setBusy(true);
    setProblem(undefined);
    try {
      announce(await run());
    } catch (error) {
      setProblem(asProblem(error));
    }
    setBusy(false);
  };

  return html`<span class="action">
    <button
      type="button"
      class="btn ${kind ?? ''}"
      disabled=${busy || Boolean(why)}
      title=${why || undefined}
      aria-description=${why || describe}
      onClick=${() => (confirm ? setAsking(true) : void act())}
    >${label}</button>
    ${problemNote(problem)}
    ${
      asking && confirm
        ? h(Confirm, { ...confirm, onYes: () => void act(), onNo: () => setAsking(false) })
        : null
    }
  </span>`;
};
