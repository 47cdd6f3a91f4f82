import { type Page, type PageOptions, TestBrowser } from '@orderly/support/browser';
import { localPlatform } from './platform.ts';

/** The console of the platform under test, in a browser. */
export class ConsoleBrowser {
  readonly url = localPlatform().console;
  readonly #browser: TestBrowser;

  private constructor(browser: TestBrowser) {
    this.#browser = browser;
  }

  static async start(): Promise<ConsoleBrowser> {
    return new ConsoleBrowser(await TestBrowser.start());
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
