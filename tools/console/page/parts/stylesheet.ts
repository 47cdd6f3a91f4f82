declare const STYLESHEETS: Readonly<Record<'chart' | 'swagger', string>>;

/** Adds a stylesheet that only some views need. The build puts the addresses in. */
export const stylesheet = (name: 'chart' | 'swagger'): void => {
  const href = STYLESHEETS[name];
  if (document.querySelector(`link[href="${href}"]`)) return;
  const link = document.createElement('link');
  link.rel = 'stylesheet';
  link.href = href;
  document.head.append(link);
};
