import type { SharedSeries, SharedStudy, SharedView } from '@negatoscope/contract';
import { addressOf } from '../api/address.ts';
import { formatDate } from '../i18n/format.ts';
import { textOfFile } from '../i18n/text-of-file.ts';
import { saveFrom } from '../ui/save-file.ts';
import { ICONS, icon, make } from './dom.ts';
import { thumbnailOf, titleOf } from './shown.ts';
import { language, say } from './words.ts';

/** What a study is called in the page: its description, or what it was made with. */
export const studyTitle = ({ description, modalities }: SharedStudy): string =>
  textOfFile(description) || textOfFile(modalities.join(', ')) || say('untitled');

export const dayOf = ({ studyDate }: SharedStudy): string => formatDate(studyDate, language()) || say('undated');

export type Choose = (study: SharedStudy, series: SharedSeries) => void;

/** A small picture; nothing in its place where there is none to show. */
function picture(study: SharedStudy, series: SharedSeries): HTMLElement {
  const image = make('img', { src: thumbnailOf(study, series), alt: '', loading: 'lazy', width: 64, height: 64 });
  image.addEventListener('error', () => image.classList.add('none'));
  return image;
}

function seriesButton(study: SharedStudy, series: SharedSeries, choose: Choose): HTMLElement {
  const title = titleOf(series);
  const facts = `${series.modality} · ${say('files', { count: series.instanceCount })}`;
  const words = make('span', {}, make('span', { className: 'name', title }, title), make('small', {}, facts));
  return make(
    'li',
    {},
    make(
      'button',
      { type: 'button', onclick: () => choose(study, series), said: { 'data-series': series.id } },
      picture(study, series),
      words,
    ),
  );
}

/** `isThere`: whether the visit still is; the browser says little of a download that fails. */
function downloadButton(study: SharedStudy, isThere: () => Promise<boolean>): HTMLElement {
  const onclick = async (): Promise<void> => {
    if (await isThere()) saveFrom(addressOf('/api/shared/studies/{id}/archive', { id: study.id }), '');
  };
  const name = say('downloadOf', { what: studyTitle(study) });
  return make(
    'button',
    { type: 'button', className: 'quiet', ariaLabel: name, title: name, onclick: () => void onclick() },
    icon(ICONS.download),
    make('span', { className: 'wide' }, say('download')),
  );
}

/** The studies with their series; the newest as the server orders them. */
export function listOf(view: SharedView, choose: Choose, isThere: () => Promise<boolean>): HTMLElement {
  // Of several patients each study says whose it is.
  const isMixed = new Set(view.studies.map(({ patientName }) => patientName)).size > 1;
  const whose = ({ patientName }: SharedStudy): Node | false =>
    isMixed && make('span', { className: 'whose' }, textOfFile(patientName));
  const studies = view.studies.map((study) =>
    make(
      'section',
      { ariaLabel: `${dayOf(study)} ${studyTitle(study)}` },
      make(
        'div',
        { className: 'study' },
        make('h2', {}, whose(study), make('span', { className: 'tabular' }, dayOf(study)), ` · ${studyTitle(study)}`),
        view.mayDownload && downloadButton(study, isThere),
      ),
      make('ul', {}, ...study.series.map((series) => seriesButton(study, series, choose))),
    ),
  );
  return make('nav', { ariaLabel: say('studies') }, ...studies);
}

/** Says which series is shown. */
export function markShown(list: HTMLElement, id: string): void {
  for (const button of list.querySelectorAll('button[data-series]')) {
    const isShown = button.getAttribute('data-series') === id;
    if (isShown) button.setAttribute('aria-current', 'true');
    else button.removeAttribute('aria-current');
  }
}
