/** The state of a view as it stands in the address: a path of segments, and a query. */
export interface Place {
  readonly segments: readonly string[];
  readonly query: Readonly<Record<string, string>>;
}

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

export const parsePlace = (path: string, search: string): Place => ({
  segments: path.split('/').filter(Boolean).map(decode),
  query: Object.fromEntries(new URLSearchParams(search)),
});

/** What a query is changed to; null, false and '' leave a parameter out. */
export type QueryChange = Readonly<Record<string, string | number | boolean | null | undefined>>;

const asText = (value: QueryChange[string]): string =>
  value === true ? '1' : value === false || value == null ? '' : String(value);

export const changeQuery = (
  query: Readonly<Record<string, string>>,
  change: QueryChange,
): Readonly<Record<string, string>> => {
  const next: Record<string, string> = { ...query };
  for (const [name, value] of Object.entries(change)) {
    const text = asText(value);
    if (text) next[name] = text;
    else delete next[name];
  }
  return next;
};

/** An address in this page: `address(['orders', id], { tab: 'events' })`. */
export const address = (segments: readonly string[], query: QueryChange = {}): string => {
  const search = new URLSearchParams(changeQuery({}, query)).toString();
  return `/${segments.map(encodeURIComponent).join('/')}${search ? `?${search}` : ''}`;
};

/** A path of the server's interface with its query. */
export const apiPath = (path: string, query: QueryChange): string => {
  const search = new URLSearchParams(changeQuery({}, query)).toString();
  return search ? `${path}?${search}` : path;
};
