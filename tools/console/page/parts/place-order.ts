import { useState } from 'preact/hooks';
import type { ProductRow } from '../../src/api.ts';
import { actions, asProblem, type Problem } from '../client.ts';
import { h, html, type VNode } from '../html.ts';
import { counted, money } from '../model/format.ts';
import { checkDraft, draftTotal, newDraft, type OrderDraft } from '../model/order-form.ts';
import { address } from '../model/url-state.ts';
import { go } from '../route.ts';
import { useData } from '../use-data.ts';
import { ActionButton } from './action-button.ts';
import { announce, inputValue, loadingNote, problemNote } from './basics.ts';
import { Dialog } from './dialog.ts';

export const PlaceOrder = ({ onClose }: { onClose: () => void }): VNode => {
  const products = useData<readonly ProductRow[]>('/api/products');
  const make = async (): Promise<string> => {
    const made = await actions.makeProducts();
    products.reload();
    return `Made ${counted(made.length, 'product')}.`;
  };
  return h(
    Dialog,
    { title: 'A new order', onClose },
    html`${problemNote(products.problem)}${loadingNote(products.loading)}
    ${
      products.value?.length === 0
        ? html`<p>There are no products yet. Make some, with stock, and order one of them.</p>
            ${h(ActionButton, { label: 'Make some products', run: make, kind: 'primary' })}`
        : null
    }
    ${products.value?.length ? h(OrderForm, { products: products.value, onClose }) : null}`,
  );
};

interface FormProps {
  readonly products: readonly ProductRow[];
  readonly onClose: () => void;
}

const OrderForm = ({ products, onClose }: FormProps): VNode => {
  const [draft, setDraft] = useState<OrderDraft>(() => newDraft(products));
  const [problem, setProblem] = useState<Problem>();
  const [busy, setBusy] = useState(false);
  const checked = checkDraft(draft);
  const total = draftTotal(draft, products);
  const change = (part: Partial<OrderDraft>): void => setDraft({ ...draft, ...part });

  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (checked.outcome === 'incomplete' || busy) return;
    setBusy(true);
    setProblem(undefined);
    try {
      const { orderId } = await actions.placeOrder(checked.order);
      announce(`Order ${orderId} is placed.`);
      onClose();
      go(address(['orders', orderId]));
    } catch (error) {
      setProblem(asProblem(error));
      setBusy(false);
    }
  };

  return html`<form class="form" onSubmit=${submit}>
    ${textField('Customer', draft.customerId, (customerId) => change({ customerId }))}
    ${textField('E-mail', draft.email, (email) => change({ email }))}
    ${textField('Reference (optional)', draft.reference, (reference) => change({ reference }))}
    <fieldset><legend>Products</legend>
      ${draft.lines.map((line, n) =>
        h(Line, {
          key: n,
          line,
          n,
          products,
          onChange: (changed) => change({ lines: draft.lines.map((old, at) => (at === n ? changed : old)) }),
          onRemove:
            draft.lines.length > 1
              ? () => change({ lines: draft.lines.filter((_, at) => at !== n) })
              : undefined,
        }),
      )}
      <button type="button" class="btn small" onClick=${() =>
        change({
          lines: [...draft.lines, { sku: products[0]?.sku ?? '', quantity: '1' }],
        })}>Add a line</button>
    </fieldset>
    ${problemNote(problem)}
    <div class="actions">
      <button type="submit" class="btn primary" disabled=${busy || checked.outcome === 'incomplete'}>Order</button>
      <button type="button" class="btn" onClick=${onClose}>Close</button>
      <span class="soft" role="status">${
        checked.outcome === 'incomplete'
          ? checked.why
          : total
            ? `Total ${money(total.total, total.currency)}`
            : ''
      }</span>
    </div>
  </form>`;
};

const textField = (label: string, value: string, onInput: (value: string) => void): VNode =>
  html`<label class="field wide"><span>${label}</span>
    <input type="text" autocomplete="off" value=${value} onInput=${(event: Event) => onInput(inputValue(event))} /></label>`;

type DraftLine = OrderDraft['lines'][number];

interface LineProps {
  readonly line: DraftLine;
  readonly n: number;
  readonly products: readonly ProductRow[];
  readonly onChange: (line: DraftLine) => void;
  readonly onRemove: (() => void) | undefined;
}

const productText = ({ sku, name, price, currency, available }: ProductRow): string =>
  `${name} (${sku}), ${money(price, currency)}${available === undefined ? '' : `, ${available} in stock`}`;

const Line = ({ line, n, products, onChange, onRemove }: LineProps): VNode =>
  html`<div class="order-line">
    <select aria-label=${`Product ${n + 1}`} onChange=${(event: Event) => onChange({ ...line, sku: inputValue(event) })}>
      ${products.map((product) => html`<option value=${product.sku} selected=${product.sku === line.sku}>${productText(product)}</option>`)}
    </select>
    <input type="number" min="1" step="1" aria-label=${`Quantity ${n + 1}`} value=${line.quantity}
      onInput=${(event: Event) => onChange({ ...line, quantity: inputValue(event) })} />
    ${onRemove ? html`<button type="button" class="btn small" aria-label=${`Remove line ${n + 1}`} onClick=${onRemove}>×</button>` : null}
  </div>`;
