import { studyAtAddress } from './entities/study/address.ts';
import { offerEarly } from './viewer/model/early-answer.ts';
import { seriesListUrl } from './viewer/model/study-url.ts';

/**
 * Asks for the series of the study that the page is opened with before the application is here: on a slow line that is a second. A script of its own, first in
 * the page. The answer goes to whoever asks for the series first, or to nobody.
 */
const study = studyAtAddress(location);
if (study !== undefined) {
  const url = seriesListUrl(study);
  offerEarly(url, fetch(url, { headers: { Accept: 'application/dicom+json' }, credentials: 'same-origin' }));
}
