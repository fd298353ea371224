import { beginningBytes, firstToHang, haveImages, mayComeInParts } from '@negatoscope/dicom';
/**
 * Second door of the viewer, without Cornerstone3D: what a list may call when a row is hovered.
 * The viewer itself is loaded lazily from `index.ts`.
 */
import { isAskedEarly, onEarlyLost } from '../api/early-answer.ts';
import { onSession, sessionState } from '../api/session.ts';
import { type StudyAtAddress, studyAtAddress } from '../entities/study/address.ts';
import { warmDecoder } from './engine/decoding/decoder-pool.ts';
import { loadEngine } from './engine/load-engine.ts';
import { loadQueue } from './engine/load-queue.ts';
import { forgetAhead, loadAhead, loadAround } from './frames-ahead.ts';
import { askEarly, priorsAddress } from './model/asked-early.ts';
import type { Hung } from './model/desk.ts';
import { partsUrl } from './model/frame-request.ts';
import { line } from './model/line.ts';
import { askOpening } from './model/opening.ts';
import { fetchMore } from './model/partial-frames.ts';
import { forgetStudies as forgetFetched, isStudyKnown, loadSeries, loadStudy, prefetchFrame } from './model/study-source.ts';
import { type StudyRef, seriesListUrl } from './model/study-url.ts';
import { forgetLayerFrames } from './overlaid/pixels-of.ts';
import { drawPlain } from './plain/begin.ts';
import type { Asked } from './plain/reader.ts';

/** Forgets everything fetched ahead, for example when the reader signs out. */
export function forgetStudies(): void {
  forgetFetched();
  forgetLayerFrames();
  forgetAhead();
}

/** The viewer's code and what decodes on slow lines, so that opening a study waits for nothing but its images. Rejects where the server is away. */
export async function prefetchViewer(): Promise<void> {
  await Promise.all([import('./index.ts'), loadEngine()]);
  if (line().isSlow) warmDecoder();
}

/** How often it is looked whether the line is free, ms. */
const LOOK_MS = 1000;

/**
 * Resolves once what is fetched for later holds up no image that somebody reads: when those of the open study are here, or another page is. On a
 * quick line it is the processor that they share: a hundred files of other pages took a second of it (docs/benchmarks.md, viewer).
 */
export async function untilImagesAreHere(): Promise<void> {
  while (studyAtAddress(location) !== undefined && !loadQueue.isDone)
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
}

/** What a study is opened with is asked for by one request rather than by three, each of which follows from the one before; nothing happens where it is on its way. */
function openByOne(study: StudyRef, seriesInstanceUid: string | undefined): void {
  if (isStudyKnown(study) || isAskedEarly(seriesListUrl(study))) return;
  askOpening(study, { seriesInstanceUid, form: line().isSlow ? 'progressive' : 'stored' });
}

/** In which pane the first image hangs depends on what may hang beside it: the room, which asks for that, waits with its picture. */
function askForPriors(study: StudyRef): void {
  const address = priorsAddress(study);
  if (!isAskedEarly(address)) askEarly(address);
}

/**
 * Fetches the series list, the metadata of the series that is looked at first and its first shown frame, so that opening the study shows an
 * image at once. Never rejects: what fails here is asked for, and reported, when the study is opened.
 */
export async function prefetchStudy(
  studyInstanceUid: string,
  groupId?: string,
  /** The study is being opened, at this series where one is named: what it shows goes before everything else. Told is the series whose first frame is on its way. */
  opened?: { readonly seriesInstanceUid: string | undefined; readonly onAsked?: (seriesInstanceUid: string) => void },
): Promise<void> {
  const study = { studyInstanceUid, groupId };
  if (opened !== undefined) {
    openByOne(study, opened.seriesInstanceUid);
    askForPriors(study);
  }
  try {
    const list = await loadStudy(study);
    const first = firstToHang(list, opened?.seriesInstanceUid);
    if (first === undefined) return;
    // Beside the metadata, rather than after the frame has come that waits for it.
    if (line().isSlow && haveImages(list)) warmDecoder();
    const series = await loadSeries(study, first);
    const frame = series.frames[series.firstIndex];
    if (frame === undefined) return;
    const url = frame.imageId.slice('wadors:'.length);
    // Whoever draws it asks after what follows here has asked, and shares that.
    queueMicrotask(() => opened?.onAsked?.(first));
    // It is on its way: it is decoded while the room is made, which draws it.
    if (isAskedEarly(partsUrl(url))) {
      await loadAhead(frame, true);
      return;
    }
    // On a slow line a whole frame would hold up whatever the reader does next.
    if (line().isSlow && mayComeInParts(frame.dataset))
      await fetchMore(url, beginningBytes(frame.dataset), { isUrgent: opened !== undefined });
    else await prefetchFrame(url);
    if (opened?.onAsked !== undefined) void loadAround(series);
  } catch {
    // The viewer asks again and shows the reason.
  }
}

let begun: Promise<void> | undefined;

/** What was asked for before the application was here goes with the session, also where that ends before it is here. */
function forgetWithSession(): void {
  onSession(() => {
    if (sessionState() === 'signed-out') forgetStudies();
  });
}

/**
 * Begins with the study of the page's own address, once, by whoever comes first: `early.ts`, or the application. What that script has `asked` for has its
 * first picture drawn before the application is here. Never rejects.
 */
export function openAtStart({ studyInstanceUid, groupId, seriesInstanceUid }: StudyAtAddress, asked?: Asked): Promise<void> {
  begun ??= new Promise((resolve) => {
    onEarlyLost(forgetStudies);
    const study = { studyInstanceUid, groupId };
    let tell: (hung: Hung | undefined) => void = () => undefined;
    const hung = new Promise<Hung | undefined>((give) => {
      tell = give;
    });
    if (asked !== undefined) {
      forgetWithSession();
      void drawPlain(asked, hung);
    }
    const onAsked = (series: string): void => tell({ study, seriesInstanceUid: series });
    const end = (): void => {
      tell(undefined);
      resolve();
    };
    prefetchStudy(studyInstanceUid, groupId, { seriesInstanceUid, onAsked }).then(end, end);
  });
  return begun;
}
