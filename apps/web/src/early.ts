import { studyAtAddress } from './entities/study/address.ts';
import { parseDatasets } from './viewer/model/dicom-json.ts';
import { offerEarly } from './viewer/model/early-answer.ts';
import { firstToHang } from './viewer/model/hanging.ts';
import { seriesOf } from './viewer/model/study-model.ts';
import { metadataUrl, seriesListUrl } from './viewer/model/study-url.ts';

/** Files of this build that a study needs besides what every page names; the build puts them in. */
declare const FILES_OF_ROOM: readonly string[];

/**
 * Asks for the series of the study that the page is opened with, and for the metadata of the one that hangs first, before the application is here: on a slow
 * line that is a second. A script of its own, first in the page. The answers go to whoever asks for them first, or to nobody.
 */
const study = studyAtAddress(location);
type OpenedStudy = NonNullable<typeof study>;
const isPrerendered = 'prerendering' in document && document.prerendering === true;

const ask = (url: string): Promise<Response> =>
  fetch(url, { headers: { Accept: 'application/dicom+json' }, credentials: 'same-origin' });

/** On their way while the page's own are, rather than after these have run. */
function fetchFiles(): void {
  const links = FILES_OF_ROOM.map((href) => Object.assign(document.createElement('link'), { rel: 'modulepreload', href }));
  document.head.append(...links);
}

async function begin(study: OpenedStudy): Promise<void> {
  const [url, asked] = [seriesListUrl(study), ask(seriesListUrl(study))];
  // Who takes an answer reads it; what is looked at here is a copy.
  offerEarly(
    url,
    asked.then((response) => response.clone()),
  );
  const answer = await asked;
  if (answer.status !== 200) return;
  const first = firstToHang(study, seriesOf(parseDatasets(await answer.json())), study.seriesInstanceUid);
  if (first !== undefined) offerEarly(metadataUrl(study, first), ask(metadataUrl(study, first)));
}

// Who is shown a page before asking for it has opened no study.
if (study !== undefined && !isPrerendered) {
  fetchFiles();
  // What fails here is asked for, and told, by the application.
  begin(study).catch(() => undefined);
}
