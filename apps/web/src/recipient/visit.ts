import type { SharedSeries, SharedStudy, SharedView } from '@negatoscope/contract';
import { formatDate, formatInstant } from '../i18n/format.ts';
import { textOfFile } from '../i18n/text-of-file.ts';
import { ICONS, icon, make } from './dom.ts';
import { dayOf, listOf, markShown, studyTitle } from './list.ts';
import { type ShownSeries, shownOf } from './shown.ts';
import { Refused, readSeries } from './talk.ts';
import { Viewer } from './viewer.ts';
import { language, say, type Word } from './words.ts';

export interface Ends {
  /** The person has had enough. */
  readonly onEnd: () => void;
  /** The server shows no more: by time, or because the share was withdrawn. */
  readonly onOver: (refused: unknown) => void;
  /** Whether the visit still is; tells `onOver` where it is not. */
  readonly isThere: () => Promise<boolean>;
  readonly otherLanguage: () => HTMLElement;
}

export const hasImages = (studies: readonly SharedStudy[]): boolean => studies.some(({ series }) => series.length > 0);

/** Whose the images are and of when, by what the share tells. */
function identity(view: SharedView, study: SharedStudy): HTMLElement {
  const name = textOfFile(study.patientName) || say('noName');
  const born = study.birthDate === null ? '' : say('born', { date: formatDate(study.birthDate, language()) });
  const facts = [born, study.studyDate === null ? '' : say('examOf', { date: dayOf(study) }), studyTitle(study)];
  return make(
    'p',
    { className: 'identity' },
    make('strong', {}, view.profile === 'PSEUDONYM' ? say('pseudonym', { name }) : name),
    make('span', { className: 'facts tabular' }, facts.filter(Boolean).join(' · ')),
  );
}

/** What there is of a series that is no picture. */
function documentsOf({ title, documents, pictures, isHeldBack }: ShownSeries): HTMLElement[] {
  const links = documents.map((href, at) => {
    const what = documents.length > 1 ? `${title} ${at + 1}` : title;
    const props = { className: 'primary', href, target: '_blank', rel: 'noopener', ariaLabel: say('documentOf', { what }) };
    return make('a', props, icon(ICONS.document), `${say('document')}${documents.length > 1 ? ` ${at + 1}` : ''}`);
  });
  const notes: Word[] = [
    ...(isHeldBack ? ['heldBack' as const] : []),
    ...(pictures.length + links.length === 0 ? ['noPicture' as const] : []),
  ];
  return [...links, ...notes.map((word) => make('p', {}, say(word)))];
}

/** The page of a visit: what is shared, and one picture of it. */
export class Visit {
  readonly element: HTMLElement;
  readonly #view: SharedView;
  readonly #ends: Ends;
  readonly #list: HTMLElement;
  readonly #viewer: Viewer;
  readonly #above = make('div', { className: 'above' });
  readonly #beside = make('div', { className: 'documents' });
  #asking = new AbortController();
  #shown: string | undefined;

  constructor(view: SharedView, ends: Ends, shown?: string) {
    [this.#view, this.#ends] = [view, ends];
    this.#viewer = new Viewer(() => void ends.isThere());
    this.#list = listOf(view, (study, series) => void this.#open(study, series), ends.isThere);
    const main = make(
      'main',
      {},
      make('h1', { className: 'unseen' }, say('title')),
      this.#above,
      this.#beside,
      this.#viewer.element,
    );
    const body = hasImages(view.studies)
      ? [this.#list, main]
      : [make('main', { className: 'gate' }, make('p', {}, say('noStudies')))];
    this.element = make('div', { className: 'visit' }, this.#header(), make('div', { className: 'body' }, ...body));
    this.#openFirst(shown);
  }

  /** The series that is shown, to be shown again when the page is drawn anew. */
  get shown(): string | undefined {
    return this.#shown;
  }

  end(): void {
    this.#asking.abort();
    this.#viewer.end();
  }

  #header(): HTMLElement {
    const { site, recipient, expiresAt } = this.#view;
    // Apart, so that a name that is written from right to left turns no date round (Unicode UAX 9).
    const whose = make('bdi', {}, say('sharedFor', { recipient }));
    const until = make('bdi', {}, say('until', { when: formatInstant(expiresAt, language()) }));
    const end = make('button', { type: 'button', className: 'plain', onclick: this.#ends.onEnd }, say('end'));
    const words = make('div', {}, make('strong', {}, site), make('span', { className: 'tabular' }, whose, ' · ', until));
    return make('header', {}, words, this.#ends.otherLanguage(), end);
  }

  #openFirst(shown: string | undefined): void {
    const all = this.#view.studies.flatMap((study) => study.series.map((series) => ({ study, series })));
    const first = all.find(({ series }) => series.id === shown) ?? all[0];
    if (first !== undefined) void this.#open(first.study, first.series);
  }

  async #open(study: SharedStudy, series: SharedSeries): Promise<void> {
    this.#asking.abort();
    const asking = new AbortController();
    [this.#asking, this.#shown] = [asking, series.id];
    markShown(this.#list, series.id);
    this.#above.replaceChildren(identity(this.#view, study));
    this.#beside.replaceChildren();
    try {
      const instances = await readSeries(series.id, asking.signal);
      if (asking.signal.aborted) return;
      const found = shownOf(study, series, instances);
      this.#beside.replaceChildren(...documentsOf(found));
      this.#viewer.element.hidden = found.pictures.length === 0;
      this.#viewer.open(found);
    } catch (error) {
      if (asking.signal.aborted) return;
      if (!(error instanceof Refused) || error.kind !== 'OFFLINE') await this.#ends.isThere();
      this.#lost(study, series);
    }
  }

  /** The line is away: what was asked for is asked for again by a button. */
  #lost(study: SharedStudy, series: SharedSeries): void {
    const again = make(
      'button',
      { type: 'button', className: 'plain', onclick: () => void this.#open(study, series) },
      say('retry'),
    );
    this.#beside.replaceChildren(make('p', { said: { role: 'alert' } }, say('offline')), again);
  }
}
