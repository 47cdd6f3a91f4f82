import { h, html, type VNode } from '../html.ts';
import { Dialog } from './dialog.ts';

interface Props {
  readonly title: string;
  readonly text: string;
  readonly yes: string;
  readonly onYes: () => void;
  readonly onNo: () => void;
}

export const Confirm = ({ title, text, yes, onYes, onNo }: Props): VNode =>
  h(
    Dialog,
    { title, onClose: onNo },
    html`<p>${text}</p>
      <div class="actions">
        <button type="button" class="btn danger" onClick=${onYes}>${yes}</button>
        <button type="button" class="btn" autofocus onClick=${onNo}>Keep</button>
      </div>`,
  );
