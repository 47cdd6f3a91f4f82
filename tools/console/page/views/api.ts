import { useEffect, useRef, useState } from 'preact/hooks';
import type { ApiRow } from '../../src/api.ts';
import { asProblem, get, type Problem, token } from '../client.ts';
import { h, html, type VNode } from '../html.ts';
import { address } from '../model/url-state.ts';
import { empty, has, heading, loadingNote, problemNote, toggle, whyReadOnly } from '../parts/basics.ts';
import { stylesheet } from '../parts/stylesheet.ts';
import { go } from '../route.ts';
import { type Theme, theme } from '../theme.ts';
import { useData } from '../use-data.ts';

declare const SWAGGER_UI: string;

interface SwaggerRequest {
  readonly url: string;
  readonly headers: Record<string, string>;
}

interface SwaggerSystem {
  readonly React: {
    readonly createElement: (type: unknown, properties: object | null, ...children: unknown[]) => unknown;
  };
  readonly getComponent: (name: string, connected?: boolean) => unknown;
}

/** Swagger UI's own layout is a whole page with its main part; within this page it is a part itself. */
const within = ({ React, getComponent }: SwaggerSystem): object => {
  const element = (name: string, connected = true): unknown =>
    React.createElement(getComponent(name, connected), null);
  const Within = (): unknown =>
    React.createElement(
      'div',
      { className: 'swagger-ui' },
      element('InfoContainer'),
      element('errors'),
      element('operations'),
    );
  return { components: { Within } };
};

/** What Swagger UI's bundle leaves on the window. */
type SwaggerUi = (options: {
  readonly spec: unknown;
  readonly domNode: HTMLElement;
  readonly deepLinking: boolean;
  readonly validatorUrl: null;
  readonly supportedSubmitMethods?: readonly string[];
  readonly requestInterceptor: (request: SwaggerRequest) => SwaggerRequest;
  readonly onComplete: () => void;
  readonly layout: string;
  readonly syntaxHighlight: false;
  readonly plugins: readonly ((system: SwaggerSystem) => object)[];
}) => unknown;

export const Api = ({ id }: { id: string }): VNode =>
  has('api')
    ? h(Apis, { id })
    : html`${heading('API')}${empty(
        'Calls to a deployed stage need a token of its issuer, which this console does not hold. The OpenAPI documents are in docs/reference/openapi.',
      )}`;

const Apis = ({ id }: { id: string }): VNode => {
  const apis = useData<readonly ApiRow[]>('/api/apis');
  const service = id || apis.value?.[0]?.service || '';
  return html`
    ${heading('API')}
    <div class="filters" role="group" aria-label="Service">
      ${apis.value?.map((row) => toggle(row.title, row.service === service, () => go(address(['apis', row.service]))))}
    </div>
    ${problemNote(apis.problem)}
    ${apis.value?.length === 0 ? empty('No service has an OpenAPI document.') : null}
    ${service ? h(Swagger, { key: service, service }) : null}`;
};

let loading: Promise<SwaggerUi> | undefined;

const loadSwagger = (): Promise<SwaggerUi> => {
  stylesheet('swagger');
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = SWAGGER_UI;
    script.onload = () => resolve(Object(window).SwaggerUIBundle);
    script.onerror = () => {
      loading = undefined;
      reject(new Error('Swagger UI could not be loaded.'));
    };
    document.head.append(script);
  });
  return loading;
};

/** Its titles stand below the view's, and what it leaves without a name or out of the keyboard's reach gets both. */
const fitIn = (element: HTMLElement): void => {
  for (const title of element.querySelectorAll('h1, h2')) title.setAttribute('aria-level', '2');
  for (const text of element.querySelectorAll('pre')) text.setAttribute('tabindex', '0');
  for (const choice of element.querySelectorAll('select:not([aria-label], [id])')) {
    choice.setAttribute('aria-label', 'Example');
  }
};

/** Swagger UI has dark colours of its own, which a class of the document switches on. */
const useDarkSwagger = (chosen: Theme): void =>
  useEffect(() => {
    const system = matchMedia('(prefers-color-scheme: dark)');
    const { classList } = document.documentElement;
    const apply = (): void => {
      classList.toggle('dark-mode', chosen === 'dark' || (chosen === 'system' && system.matches));
    };
    apply();
    system.addEventListener('change', apply);
    return () => {
      system.removeEventListener('change', apply);
      classList.remove('dark-mode');
    };
  }, [chosen]);

const Swagger = ({ service }: { service: string }): VNode => {
  const box = useRef<HTMLDivElement>(null);
  const [problem, setProblem] = useState<Problem>();
  const [ready, setReady] = useState(false);
  useDarkSwagger(theme.value);
  useEffect(() => {
    let gone = false;
    const fitting = new MutationObserver(() => box.current && fitIn(box.current));
    if (box.current) fitting.observe(box.current, { childList: true, subtree: true });
    const show = async (): Promise<void> => {
      const [swagger, document] = await Promise.all([
        loadSwagger(),
        get<object>(`/api/apis/${encodeURIComponent(service)}`),
      ]);
      if (gone || !box.current) return;
      swagger({
        // Calls go through the console, which knows where the service is and adds a token where it asks for one.
        spec: { ...document, servers: [{ url: `/api/call/${encodeURIComponent(service)}` }] },
        domNode: box.current,
        deepLinking: false,
        validatorUrl: null,
        layout: 'Within',
        // It would colour with too little contrast.
        syntaxHighlight: false,
        plugins: [within],
        ...(whyReadOnly() ? { supportedSubmitMethods: ['get'] } : {}),
        requestInterceptor: (request) => {
          request.headers['x-orderly-token'] = token();
          return request;
        },
        onComplete: () => setReady(true),
      });
    };
    show().catch((error) => setProblem(asProblem(error)));
    return () => {
      gone = true;
      fitting.disconnect();
    };
  }, [service]);
  return html`${problemNote(problem)}${loadingNote(!ready && !problem)}<div class="panel swagger" ref=${box}></div>`;
};
