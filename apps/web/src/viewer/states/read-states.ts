import { presentationStateOf, type ReadBulk, withLongLines } from '@negatoscope/dicom';
import { fetchBulkData, fetchSeriesMetadata, type StudyRef } from '../model/dicomweb.ts';
import type { OfferedState } from './offered.ts';

/** Bytes of DICOM JSON: what is longer holds no drawings of a reader. */
const MOST_BYTES = 24 * 1024 * 1024;
const MOST_STATES = 200;
/** Bytes of lines that are too long to stand in it, of all states of a series. */
const MOST_LINE_BYTES = 8 * 1024 * 1024;

/** Reads long lines; one that can't be had is left out of its state, which tells of it. */
function lineReader(): ReadBulk {
  let left = MOST_LINE_BYTES;
  return async (uri, most = MOST_LINE_BYTES) => {
    if (most > left) return undefined;
    left -= most;
    return fetchBulkData(uri, most).catch(() => undefined);
  };
}

/** The presentation states of a series, with all their lines, in the order in which they stand there. */
export async function readStates(study: StudyRef, seriesInstanceUid: string): Promise<OfferedState[]> {
  const datasets = await fetchSeriesMetadata(study, seriesInstanceUid, { most: MOST_BYTES });
  const readLine = lineReader();
  const states: OfferedState[] = [];
  for (const dataset of datasets.slice(0, MOST_STATES)) {
    const state = presentationStateOf(await withLongLines(dataset, readLine));
    if (state !== undefined) states.push({ study, state });
  }
  return states;
}
