import { useEffect, useId, useRef } from 'preact/hooks';
import { type ComponentChildren, html, type VNode } from '../html.ts';

interface Props {
  readonly title: string;
  readonly onClose: () => void;
  readonly children?: ComponentChildren;
}

/** A modal dialog. Escape and a click beside it close it; the browser keeps the focus inside and gives it back. */
export const Dialog = ({ title, onClose, children }: Props): VNode => {
  const element = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    element.current?.showModal();
  }, []);
  return html`<dialog
    ref=${element}
    aria-labelledby=${id}
    onClose=${onClose}
    onCancel=${onClose}
    onClick=${(event: Event) => event.target === element.current && onClose()}
  ><div class="dialog-body"><h2 id=${id}>${title}</h2>${children}</div></dialog>`;
};
