import { useEffect, useId, useRef } from 'preact/hooks';
import { type ComponentChildren, html, type VNode } from '../html.ts';

interface Props {
  readonly title: string;
  readonly onClose: () => void;
  readonly children?: ComponentChildren;
}

/** A modal dialog. Escape and a click beside it close it; the browser keeps the focus inside. */
export const Dialog = ({ title, onClose, children }: Props): VNode => {
  const element = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const before = document.activeElement;
    element.current?.showModal();
    return () => {
      // It is removed, not closed: the browser does not give the focus back.
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return html`<dialog
    ref=${element}
    aria-labelledby=${id}
    onClose=${onClose}
    onCancel=${onClose}
    onClick=${(event: Event) => event.target === element.current && onClose()}
  ><div class="dialog-body"><h2 id=${id}>${title}</h2>${children}</div></dialog>`;
};
