import { csrfHeader } from '../api/csrf.ts';
import { type BothLanguages, textIn } from '../i18n/typography.ts';

type Language = 'fr' | 'en';

/** What OHIF's page does that it knows nothing of. */
export interface Page {
  readonly origin: string;
  readonly language: () => Language;
  readonly csrf: () => Readonly<Record<string, string>>;
  /** StudyInstanceUIDs of the page's address. */
  readonly openStudies: () => string | null;
  /** Tells the person; stays until it is closed. */
  readonly tell: (text: string) => void;
}

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);
/** Where studies are stored and searched for. */
const STORE = /^\/dicom-web\/(?:groups\/[^/]+\/)?studies(?:\/[^/]+)?\/?$/;

const OFFLINE: BothLanguages = {
  fr: 'L’enregistrement a échoué : le serveur ne répond pas. Gardez cette page ouverte et enregistrez de nouveau.',
  en: 'Saving failed: the server does not answer. Keep this page open and save again.',
};
const PARTLY: BothLanguages = {
  fr: 'Tout n’a pas été enregistré : une partie attend la décision d’une personne ou a été refusée.',
  en: 'Not everything was saved: part of it waits for a person’s decision or was refused.',
};
const refused = (code: string): BothLanguages => ({
  fr: `L’enregistrement a échoué (${code}) : rien n’a été gardé. Gardez cette page ouverte et enregistrez de nouveau.`,
  en: `Saving failed (${code}): nothing was kept. Keep this page open and save again.`,
});

interface Answer {
  readonly status: number;
  readonly text: string;
}

function codeOf({ status, text }: Answer): string {
  try {
    const problem: unknown = JSON.parse(text);
    if (typeof problem === 'object' && problem !== null && 'code' in problem) return String(problem.code);
  } catch {
    // No problem document: the status says it.
  }
  return String(status);
}

/** What a person must be told of a store request's answer (PS3.18 10.5.3); undefined when everything was stored. */
export function storeTrouble(answer: Answer, language: Language): string | undefined {
  if (answer.status === 0) return textIn(OFFLINE, language);
  if (answer.status === 202) return textIn(PARTLY, language);
  return answer.status >= 200 && answer.status < 300 ? undefined : textIn(refused(codeOf(answer)), language);
}

const PATIENT_ID = ['00100020', 'PatientID'];

/**
 * OHIF asks for a person's other studies by the identifier, which would then stand in addresses and logs: the server finds them by the study that is
 * open. Other requests stay as they are.
 */
export function withoutPatientId(url: URL, openStudies: string | null): URL {
  const [study] = (openStudies ?? '').split(',');
  const asks = PATIENT_ID.some((name) => url.searchParams.has(name));
  if (!asks || !STORE.test(url.pathname) || study === undefined || !/^[0-9.]{1,64}$/.test(study)) return url;
  const changed = new URL(url);
  for (const name of PATIENT_ID) changed.searchParams.delete(name);
  changed.searchParams.set('samePatientAs', study);
  return changed;
}

/** Own requests that change something carry the session's token; a store that failed is told, whatever OHIF says of it. */
export function watchRequests(Request: typeof XMLHttpRequest, page: Page): void {
  const sent = new WeakMap<XMLHttpRequest, { method: string; url: URL }>();
  const { open, send } = Request.prototype;
  Request.prototype.open = function (this: XMLHttpRequest, method: string, url: string | URL, ...rest: unknown[]): void {
    const wanted = new URL(url, page.origin);
    const address = wanted.origin === page.origin ? withoutPatientId(wanted, page.openStudies()) : wanted;
    sent.set(this, { method: method.toUpperCase(), url: address });
    Reflect.apply(open, this, [method, address === wanted ? url : address.href, ...rest]);
  } as typeof open; // Its two forms differ in what `rest` may be.
  Request.prototype.send = function (this: XMLHttpRequest, body): void {
    const { method = 'GET', url } = sent.get(this) ?? {};
    if (url?.origin === page.origin && !SAFE.has(method)) {
      for (const [name, value] of Object.entries(page.csrf())) this.setRequestHeader(name, value);
      if (method === 'POST' && STORE.test(url.pathname)) this.addEventListener('loadend', () => tellTrouble(this, page));
    }
    Reflect.apply(send, this, [body]);
  };
}

function tellTrouble(request: XMLHttpRequest, page: Page): void {
  const isText = request.responseType === '' || request.responseType === 'text';
  const trouble = storeTrouble({ status: request.status, text: isText ? request.responseText : '' }, page.language());
  if (trouble !== undefined) page.tell(trouble);
}

/** OHIF's way back leads to its own list; the worklist is ours. `goTo` is given where instead of `address`, which may be relative. */
export function watchWayBack(history: History, origin: string, goTo: (address: string) => void): void {
  const { pushState } = history;
  history.pushState = (data, unused, url) => {
    const path = url === undefined || url === null ? undefined : new URL(url, `${origin}/viewer/`).pathname;
    if (path === '/viewer' || path === '/viewer/') goTo('/app/worklist');
    else pushState.call(history, data, unused, url);
  };
}

export const pageOf = (window: Window): Page => ({
  origin: window.location.origin,
  language: () => (window.document.documentElement.lang === 'fr' ? 'fr' : 'en'),
  csrf: csrfHeader,
  openStudies: () => new URLSearchParams(window.location.search).get('StudyInstanceUIDs'),
  tell: (text) => showBanner(window.document, text),
});

/** Styled by its properties: the policy allows it, and OHIF's styles don't reach it. */
function showBanner(document: Document, text: string): void {
  const banner = document.createElement('div');
  banner.setAttribute('role', 'alert');
  banner.dataset.negatoscope = 'alert';
  Object.assign(banner.style, {
    position: 'fixed',
    inset: '12px 12px auto',
    zIndex: '2147483647',
    display: 'flex',
    gap: '16px',
    alignItems: 'center',
    justifyContent: 'space-between',
    padding: '12px 16px',
    borderRadius: '8px',
    background: '#7F1D1D',
    color: '#FFFFFF',
    font: '16px/1.4 system-ui, sans-serif',
  });
  const close = document.createElement('button');
  close.type = 'button';
  close.textContent = document.documentElement.lang === 'fr' ? 'Fermer' : 'Close';
  Object.assign(close.style, {
    padding: '6px 12px',
    border: '1px solid #FFFFFF',
    borderRadius: '6px',
    color: 'inherit',
    background: 'none',
  });
  close.addEventListener('click', () => banner.remove());
  banner.append(text, close);
  document.body.append(banner);
  close.focus();
}
