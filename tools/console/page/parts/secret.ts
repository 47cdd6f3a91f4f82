import { useState } from 'preact/hooks';
import { h, html, type VNode } from '../html.ts';
import { copyText } from './copy.ts';
import { Dialog } from './dialog.ts';

interface Props {
  readonly secret: string;
  /** What else there is to know about it. */
  readonly note?: string;
  readonly onClose: () => void;
}

/** The secret of an endpoint, which nobody can read again. */
export const SecretDialog = ({ secret, note, onClose }: Props): VNode => {
  // Said here, since what is announced outside of a modal dialog is neither seen nor read.
  const [copied, setCopied] = useState('');
  return h(
    Dialog,
    { title: 'The secret of the endpoint', onClose },
    html`<p>The receiver verifies signatures with it. Copy it now: it is shown only once. If it gets lost, rotate it.</p>
      ${note ? html`<p>${note}</p>` : null}
      <pre class="json" tabindex="0" role="region" aria-label="Secret">${secret}</pre>
      <div class="actions">
        <button type="button" class="btn primary" autofocus
          onClick=${async () => setCopied(await copyText(secret, 'the secret'))}>Copy</button>
        <button type="button" class="btn" onClick=${onClose}>Close</button>
        <span class="soft" role="status">${copied}</span>
      </div>`,
  );
};
