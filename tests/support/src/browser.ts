import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import {
  type Browser,
  type BrowserContextOptions,
  type CDPSession,
  chromium,
  type Page,
} from 'playwright-core';

export type { Page } from 'playwright-core';

const macPrograms = ['Google Chrome', 'Chromium', 'Microsoft Edge'].map(
  (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
);
const programs = ['google-chrome', 'google-chrome-stable', 'chromium', 'chromium-browser', 'microsoft-edge'];

/** Where this machine has a Chromium: what CHROMIUM_PATH names, or an installed one. */
const installed = (env: NodeJS.ProcessEnv): string | undefined => {
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const found = folders.flatMap((folder) => programs.map((name) => join(folder, name)));
  return env.CHROMIUM_PATH ?? [...found, ...macPrograms].find((path) => existsSync(path));
};

/** On Linux an npm package holds one, which unpacks itself into the temporary folder. */
const findChromium = async (): Promise<string> => {
  const path = installed(process.env);
  if (path !== undefined) return path;
  if (process.platform === 'linux') return (await import('@sparticuz/chromium')).default.executablePath();
  throw new Error('The tests of the console need Chrome or Chromium: install one, or set CHROMIUM_PATH.');
};

const ACTION_TIMEOUT_MS = 60_000;

export interface PageOptions extends BrowserContextOptions {
  /** Whether what goes wrong on the page is a complaint; true by default. */
  readonly watched?: boolean;
}

/** A browser without a window, for pages of this machine. */
export class TestBrowser {
  readonly #browser: Browser;
  readonly #complaints: string[] = [];

  private constructor(browser: Browser) {
    this.#browser = browser;
  }

  static async start(): Promise<TestBrowser> {
    const executablePath = await findChromium();
    // In a container Chromium often runs as root, where its sandbox does not work; the pages are our own.
    return new TestBrowser(await chromium.launch({ executablePath, args: ['--no-sandbox'] }));
  }

  /** A page with a session of its own. */
  async newPage({ watched = true, ...options }: PageOptions = {}): Promise<Page> {
    const context = await this.#browser.newContext({
      viewport: { width: 1280, height: 800 },
      locale: 'en-GB',
      ...options,
    });
    context.setDefaultTimeout(ACTION_TIMEOUT_MS);
    const page = await context.newPage();
    if (watched) this.#watch(page);
    return page;
  }

  /** What went wrong on watched pages since the last call: errors, refusals of the policy, requests to elsewhere. */
  complaints(): readonly string[] {
    return this.#complaints.splice(0);
  }

  async closePages(): Promise<void> {
    await Promise.all(this.#browser.contexts().map((context) => context.close()));
  }

  async close(): Promise<void> {
    await this.#browser.close();
  }

  #watch(page: Page): void {
    page.on('pageerror', (error) => this.#complaints.push(`Error: ${error.stack ?? error.message}`));
    // Chromium reports there what the content security policy refuses, and each answer that is an error.
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) {
        this.#complaints.push(`${message.type()}: ${message.text()} (${message.location().url})`);
      }
    });
    page.on('request', (request) => {
      const { protocol, hostname } = new URL(request.url());
      if (protocol === 'data:' || protocol === 'blob:' || hostname === '127.0.0.1') return;
      this.#complaints.push(`A request to elsewhere: ${request.url()}`);
    });
  }
}

/** The debugger's view of a page, which its content security policy does not hold up. */
export class PageInspector {
  readonly #session: CDPSession;

  private constructor(session: CDPSession) {
    this.#session = session;
  }

  static async of(page: Page): Promise<PageInspector> {
    return new PageInspector(await page.context().newCDPSession(page));
  }

  /**
   * Runs an expression in the page. @returns its value as JSON, once it is there; the caller says what that is
   * @throws Error when it throws
   */
  async evaluate<T>(expression: string): Promise<T> {
    const { result, exceptionDetails } = await this.#session.send('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails !== undefined) {
      throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    }
    return result.value as T;
  }

  /** Bytes of JavaScript objects that are reachable. */
  async heapUsed(): Promise<number> {
    await this.#session.send('HeapProfiler.collectGarbage');
    return (await this.#session.send('Runtime.getHeapUsage')).usedSize;
  }
}
