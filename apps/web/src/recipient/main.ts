import type { SharedView } from '@negatoscope/contract';
import { make } from './dom.ts';
import { codeForm, message, opening, retry } from './gate.ts';
import { endVisit, openLink, Refused, readVisit } from './talk.ts';
import { Visit } from './visit.ts';
import { language, say, speak } from './words.ts';

// The page of who has got a link (decision 128): no account, no application, nothing that is kept beyond the visit.

/** The link's secret: in the address's fragment, which no server is sent, and out of it before anything else is done. */
function takeSecret(): string | undefined {
  const secret = location.hash.slice(1);
  if (secret === '') return undefined;
  history.replaceState(null, '', location.pathname);
  return secret;
}

class Page {
  readonly #root: HTMLElement;
  #secret = takeSecret();
  #visit: Visit | undefined;
  /** Draws what is shown again, in another language. */
  #draw: () => void = () => undefined;

  constructor(root: HTMLElement) {
    this.#root = root;
  }

  async begin(): Promise<void> {
    this.#show(opening);
    try {
      if (this.#secret !== undefined) await openLink(this.#secret);
      await this.#enter();
    } catch (error) {
      this.#refused(error);
    }
  }

  async again(): Promise<void> {
    const secret = takeSecret();
    if (secret === undefined) return;
    this.#leave();
    this.#secret = secret;
    await this.begin();
  }

  async #withCode(code: string): Promise<void> {
    try {
      await openLink(this.#secret ?? '', code);
      await this.#enter();
    } catch (error) {
      this.#refused(error);
    }
  }

  /** What the visit shows; asked again, which does no harm, when the page comes back to it. */
  async #enter(): Promise<void> {
    const view = await readVisit();
    // From here on the cookie says who this is.
    this.#secret = undefined;
    const draw = (): void => {
      const { shown } = this.#visit ?? {};
      this.#leave();
      const visit = new Visit(view, this.#ends(view), shown);
      this.#visit = visit;
      this.#root.replaceChildren(visit.element);
    };
    this.#draw = draw;
    draw();
    document.title = `${say('title')} · ${view.site}`;
  }

  #ends(view: SharedView) {
    return {
      onEnd: () => void this.#end(view),
      onOver: (error: unknown) => this.#refused(error),
      isThere: () => this.isThere(),
      otherLanguage: () => this.#switch(),
    };
  }

  async isThere(): Promise<boolean> {
    if (this.#visit === undefined) return false;
    try {
      await readVisit();
      return true;
    } catch (error) {
      if (!(error instanceof Refused) || error.kind !== 'OFFLINE') this.#refused(error);
      return false;
    }
  }

  async #end(view: SharedView): Promise<void> {
    this.#leave();
    this.#show(() => message('endedTitle', say('ended')));
    await endVisit(view);
  }

  #leave(): void {
    this.#visit?.end();
    this.#visit = undefined;
  }

  #refused(error: unknown): void {
    const { kind, waitS } = error instanceof Refused ? error : new Refused('OFFLINE');
    const wasThere = this.#visit !== undefined;
    this.#leave();
    const form = (isWrong: boolean) => codeForm(isWrong, (code) => void this.#withCode(code));
    const minutes = Math.max(1, Math.ceil(waitS / 60));
    if (kind === 'CODE_NEEDED' || kind === 'CODE_WRONG') this.#show(() => form(kind === 'CODE_WRONG'));
    else if (kind === 'TOO_OFTEN') this.#show(() => message('tooOftenTitle', say('tooOften', { minutes })));
    else if (kind === 'OFFLINE')
      this.#show(() =>
        message(
          'offlineTitle',
          say('offline'),
          retry(() => void this.begin()),
        ),
      );
    else if (wasThere || kind === 'OVER') this.#show(() => message('overTitle', say(wasThere ? 'withdrawn' : 'over')));
    else this.#show(() => message('unknownTitle', say('unknown')));
  }

  #show(screen: () => HTMLElement): void {
    this.#draw = () => this.#root.replaceChildren(make('header', { className: 'bare' }, this.#switch()), screen());
    this.#draw();
    document.title = say('title');
    this.#root.querySelector<HTMLElement>('#code, h1')?.focus();
  }

  #switch(): HTMLElement {
    const other = language() === 'fr' ? 'en' : 'fr';
    const onclick = (): void => {
      speak(other);
      this.#draw();
      this.#root.querySelector<HTMLElement>('.language')?.focus();
    };
    return make('button', { type: 'button', lang: other, className: 'quiet language', onclick }, say('otherLanguage'));
  }
}

const root = document.getElementById('root');
if (root !== null) {
  document.documentElement.lang = language();
  const page = new Page(root);
  // Another link in the same window changes the fragment alone.
  addEventListener('hashchange', () => void page.again());
  // A page that comes back from the browser's memory shows only what is still shown.
  window.addEventListener('pageshow', ({ persisted }) => persisted && void page.isThere());
  void page.begin();
}
