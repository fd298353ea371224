import { mayBeVideo, type SeriesMapping, type SeriesSummary, seriesOf } from '@negatoscope/dicom';
import { call } from '../../api/client.ts';
import { forgetEarly } from '../../api/early-answer.ts';
import { ApiError } from '../../api/error.ts';
import { whenSignedIn } from '../../api/session.ts';
import {
  DicomwebError,
  type FrameBytes,
  type FrameOptions,
  fetchFrame,
  fetchInstanceList,
  fetchSeriesList,
  fetchSeriesMetadata,
  type StudyRef,
  seriesUrl,
} from './dicomweb.ts';
import { buildDocuments, type DocumentModel, videosOf } from './documents.ts';
import { forgetParts } from './partial-frames.ts';
import { buildSeriesInPieces, type SeriesModel } from './study-model.ts';

/**
 * What was asked for ahead of time, kept for a moment so that opening a hovered study needs no second request.
 * Answers are not stored beyond memory, and are dropped after a minute: another reader may have edited the study.
 */
const KEEP_MS = 60_000;
const MAX_ENTRIES = 24;

interface Entry {
  readonly value: Promise<unknown>;
  readonly since: number;
}

const entries = new Map<string, Entry>();

function remember<T>(key: string, load: () => Promise<T>, isType: (value: unknown) => value is T): Promise<T> {
  const known = entries.get(key);
  if (known !== undefined && Date.now() - known.since < KEEP_MS) {
    return known.value.then((value) => (isType(value) ? value : load()));
  }
  const value = load();
  entries.delete(key);
  entries.set(key, { value, since: Date.now() });
  const drop = (): void => {
    if (entries.get(key)?.value === value) entries.delete(key);
  };
  value.catch(drop);
  // What nobody asks for takes no memory: the metadata of a series of thousands of slices are tens of megabytes.
  setTimeout(drop, KEEP_MS);
  for (const oldest of entries.keys()) {
    if (entries.size <= MAX_ENTRIES) break;
    entries.delete(oldest);
  }
  return value;
}

const keyOf = (study: StudyRef, ...rest: string[]): string => [study.groupId ?? '', study.studyInstanceUid, ...rest].join('|');

const isList = (value: unknown): value is SeriesSummary[] => Array.isArray(value);
const isSeries = (value: unknown): value is SeriesModel => typeof value === 'object' && value !== null && 'frames' in value;
const isFrame = (value: unknown): value is FrameBytes => typeof value === 'object' && value !== null && 'bytes' in value;

/** Series of a study in display order. */
export function loadStudy(study: StudyRef): Promise<SeriesSummary[]> {
  return remember(keyOf(study), async () => seriesOf(await fetchSeriesList(study)), isList);
}

/** Whether its series are here, or on their way. */
export const isStudyKnown = (study: StudyRef): boolean => entries.has(keyOf(study));

export function loadSeries(study: StudyRef, seriesInstanceUid: string): Promise<SeriesModel> {
  const load = async (): Promise<SeriesModel> => {
    const datasets = await fetchSeriesMetadata(study, seriesInstanceUid);
    const videos = datasets.some(mayBeVideo) ? videosOf(await fetchInstanceList(study, seriesInstanceUid)) : undefined;
    return buildSeriesInPieces(study, seriesInstanceUid, datasets, videos);
  };
  return remember(keyOf(study, seriesInstanceUid), load, isSeries);
}

/** A report of more text is read as a file, bytes of its DICOM JSON: parsing it would stop the page. */
const LONGEST_DOCUMENTS = 12 * 1024 * 1024;

/** The documents of a series without images, that nobody has asked for yet: not kept, and nothing that would stop the page. */
export const loadDocuments = async (study: StudyRef, seriesInstanceUid: string): Promise<readonly DocumentModel[]> =>
  buildDocuments(
    await fetchSeriesMetadata(study, seriesInstanceUid, { most: LONGEST_DOCUMENTS }),
    seriesUrl(study, seriesInstanceUid),
  );

/** What shows the frames of a series that store no window, the same for all of them; null without a grey frame. Never from memory. */
export async function loadMapping(
  { studyInstanceUid, groupId }: StudyRef,
  seriesInstanceUid: string,
): Promise<SeriesMapping | null> {
  const query = groupId === undefined ? {} : { groupId };
  const ask = () => call('getSeriesDisplay', { params: { studyInstanceUid, seriesInstanceUid }, query });
  const again = async (error: unknown) => {
    if (!(error instanceof ApiError) || error.status !== 401) throw error;
    await whenSignedIn();
    return ask();
  };
  const display = await ask()
    .catch(again)
    .catch((error: unknown) => {
      throw new DicomwebError(error instanceof ApiError && error.status === 0 ? 'NETWORK' : 'SERVER', undefined, error);
    });
  return display.mapping;
}

/** Fetches a frame and keeps its bytes until {@link takeFrame} asks for them. */
export function prefetchFrame(url: string): Promise<FrameBytes> {
  return remember(url, () => fetchFrame(url), isFrame);
}

/** The bytes of a frame: those fetched ahead, handed over once since decoding consumes them, or else fetched now. */
export async function takeFrame(url: string, options: FrameOptions): Promise<FrameBytes> {
  const ahead = entries.get(url);
  if (ahead === undefined) return fetchFrame(url, options);
  entries.delete(url);
  const value = await ahead.value.catch(() => undefined);
  return isFrame(value) ? value : fetchFrame(url, options);
}

export const isFetchedAhead = (url: string): boolean => entries.has(url);

/** Forgets what was fetched of all studies but these. */
export function keepStudies(studies: readonly StudyRef[]): void {
  for (const key of entries.keys())
    if (!studies.some(({ studyInstanceUid }) => key.split(/[|/]/).includes(studyInstanceUid))) entries.delete(key);
}

/** Forgets everything fetched ahead, for example when the reader signs out. */
export function forgetStudies(): void {
  entries.clear();
  forgetParts();
  forgetEarly();
}
