import { useState } from 'preact/hooks';
import type { CatalogueEntry } from '../../src/api.ts';
import { actions, asProblem, type Problem } from '../client.ts';
import { h, html, type VNode } from '../html.ts';
import { checkWebhook, toggled, type WebhookDraft } from '../model/webhooks.ts';
import { useData } from '../use-data.ts';
import { inputValue, loadingNote, problemNote } from './basics.ts';
import { Dialog } from './dialog.ts';

interface Props {
  /** Gets the secret, which is known only now. */
  readonly onRegistered: (endpointId: string, secret: string) => void;
  readonly onClose: () => void;
}

const TOPIC = 'order-events';

export const RegisterWebhook = ({ onRegistered, onClose }: Props): VNode => {
  const catalogue = useData<readonly CatalogueEntry[]>('/api/catalogue');
  const known = catalogue.value?.filter(({ topic }) => topic === TOPIC).map(({ type }) => type);
  const names = [...new Set(known)];
  const [draft, setDraft] = useState<WebhookDraft>({ url: '', events: [], description: '' });
  const [problem, setProblem] = useState<Problem>();
  const [busy, setBusy] = useState(false);
  const checked = checkWebhook(draft);
  const change = (part: Partial<WebhookDraft>): void => setDraft({ ...draft, ...part });

  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (checked.outcome === 'incomplete' || busy) return;
    setBusy(true);
    setProblem(undefined);
    try {
      const { endpointId, secret } = await actions.registerWebhook(checked.endpoint);
      onRegistered(endpointId, secret);
    } catch (error) {
      setProblem(asProblem(error));
      setBusy(false);
    }
  };

  return h(
    Dialog,
    { title: 'A new endpoint', onClose },
    html`<p class="soft">The events you choose are posted to the URL, signed. Here it may be http on 127.0.0.1; a deployed stage takes
      only https at a public address.</p>
    ${problemNote(catalogue.problem)}${loadingNote(catalogue.loading)}
    <form class="form" onSubmit=${submit}>
      ${textField('URL', draft.url, 'http://127.0.0.1:8080/hook', (url) => change({ url }))}
      ${textField('Note (optional)', draft.description, '', (description) => change({ description }))}
      <fieldset><legend>Events</legend>${names.map(
        (name) => html`<label class="radio"><input type="checkbox" checked=${draft.events.includes(name)}
          onChange=${() => change({ events: toggled(draft.events, name) })} /> ${name}</label>`,
      )}</fieldset>
      ${problemNote(problem)}
      <div class="actions">
        <button type="submit" class="btn primary" disabled=${busy || checked.outcome === 'incomplete'}>Register</button>
        <button type="button" class="btn" onClick=${onClose}>Close</button>
        <span class="soft" role="status">${checked.outcome === 'incomplete' ? checked.why : ''}</span>
      </div>
    </form>`,
  );
};

const textField = (
  label: string,
  value: string,
  placeholder: string,
  onInput: (value: string) => void,
): VNode => html`<label class="field wide"><span>${label}</span>
    <input type="text" autocomplete="off" spellcheck=${false} value=${value} placeholder=${placeholder}
      onInput=${(event: Event) => onInput(inputValue(event))} /></label>`;
