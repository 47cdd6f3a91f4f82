import { type Page, type PageOptions, TestBrowser } from '@orderly/support/browser';
import { localPlatform } from './platform.ts';

/** The console of the platform under test, in a browser. */
export class ConsoleBrowser {
  readonly url: string;
  readonly #browser: TestBrowser;

  private constructor(url: string, browser: TestBrowser) {
    this.url = url;
    this.#browser = browser;
  }

  /** @throws Error when the platform under test serves no console */
  static async start(): Promise<ConsoleBrowser> {
    const { console: url } = localPlatform();
    if (url === undefined) throw new Error('The platform under test has no console');
    return new ConsoleBrowser(url, await TestBrowser.start());
  }

  /** Opens a view of the console, or a page that is not the console's, in a session of its own. */
  async open(address: string, options?: PageOptions): Promise<Page> {
    const page = await this.#browser.newPage(options);
    await page.goto(new URL(address, this.url).href);
    return page;
  }

  /** What the console's server answers; the caller says what that is. */
  async get<T>(path: string): Promise<T> {
    return (await (await fetch(new URL(path, this.url))).json()) as T;
  }

  /** Closes all pages. @throws Error when one had an error or asked for something elsewhere */
  async closePages(): Promise<void> {
    await this.#browser.closePages();
    expect(this.#browser.complaints()).toEqual([]);
  }

  close(): Promise<void> {
    return this.#browser.close();
  }
}
