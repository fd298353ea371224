import { needsSeriesMapping } from '@negatoscope/dicom';
import type { Hung } from '../model/desk.ts';
import type { SeriesModel } from '../model/study-model.ts';
import { loadMapping, loadSeries } from '../model/study-source.ts';
import { forgetLoaded, loadFrame } from './frame-loader.ts';
import { forgetPlan, planOf } from './frame-plans.ts';
import { frameStore } from './frame-store.ts';
import { type Drawn, describeFrame, describePlace, wholeInPane } from './pane-geometry.ts';
import { PaneMapping } from './pane-mapping.ts';
import { OWN_PRESENTATION, present, voiOf } from './presentation.ts';
import { EMPTY_PANE, type ImagePlace, type PaneSnapshot } from './snapshot.ts';

export interface FirstPicture {
  readonly series: SeriesModel;
  readonly drawn: Drawn;
}

/** How to stop. What no pane takes over is forgotten: nothing of a patient stays for whom the room never opened. */
type Stop = (isTakenOver: boolean) => void;

interface FirstPictureOptions {
  readonly onPicture: (picture: FirstPicture) => void;
  readonly onEnd: () => void;
  /** False: what is shown by a mapping of its series, which the server has to be asked for, gives no picture. */
  readonly hasMapping?: boolean;
}

/** The first frame of a series as far as it is here; undefined before, and without a mapping that it needs. */
async function drawnOf({ frames, firstIndex: index }: SeriesModel, mapping: PaneMapping | undefined): Promise<Drawn | undefined> {
  const model = frames[index];
  const [frame, planned] = model === undefined ? [] : [frameStore.get(model.imageId), planOf(model.imageId)];
  if (model === undefined || frame === undefined || planned === undefined) return undefined;
  if (needsSeriesMapping(planned.plan)) {
    if (mapping === undefined) return undefined;
    await mapping.load();
  }
  const picture = present(frame, planned, OWN_PRESENTATION, mapping?.range);
  const voi = voiOf(planned, OWN_PRESENTATION, mapping?.range);
  return { index, model, frame, planned, voi, picture, isWhole: frameStore.isWhole(model.imageId) };
}

/**
 * The first frame of a series as a pane will show it, by the same store and the same pixels, while the library that panes stand on is still on its way: on
 * a slow line that is some seconds. Better pictures of it follow as they come. What fails is left to the pane, which says why; `onEnd`: there is nothing to
 * wait for any more.
 */
export function firstPictureOf(
  { study, seriesInstanceUid }: Hung,
  { onPicture, onEnd, hasMapping = true }: FirstPictureOptions,
): Stop {
  const mapping = new PaneMapping(() => loadMapping(study, seriesInstanceUid));
  let imageId: string | undefined;
  let isStopped = false;
  let stopHearing = (): void => undefined;

  const draw = async (series: SeriesModel): Promise<void> => {
    const drawn = await drawnOf(series, hasMapping ? mapping : undefined);
    if (drawn !== undefined && !isStopped) onPicture({ series, drawn });
  };
  const start = async (): Promise<void> => {
    const series = await loadSeries(study, seriesInstanceUid);
    const model = series.frames[series.firstIndex];
    if (model === undefined || isStopped) return;
    imageId = model.imageId;
    stopHearing = frameStore.subscribe((id) => {
      if (id === imageId) draw(series).catch(() => undefined);
    });
    if (frameStore.has(imageId)) await draw(series);
    await loadFrame(model, true);
  };
  start().then(onEnd, onEnd);
  return (isTakenOver) => {
    isStopped = true;
    stopHearing();
    if (isTakenOver || imageId === undefined) return;
    forgetLoaded(imageId);
    forgetPlan(imageId);
  };
}

/** What a pane of so many CSS px says of a frame that it will show whole, before there is a pane. */
export function openingSnapshot({ series, drawn }: FirstPicture, [width, height]: readonly [number, number]): PaneSnapshot {
  return {
    ...EMPTY_PANE,
    series,
    status: 'ready',
    askedIndex: drawn.index,
    frameCount: series.frames.length,
    ...describeFrame(drawn),
    ...describePlace(wholeInPane(drawn.model, width, height), width, drawn.model),
  };
}

/** Where the picture of a frame lies that is shown upright, CSS px. */
export function pictureBox({ drawn: { model } }: FirstPicture, place: ImagePlace | undefined) {
  const [left = 0, top = 0] = place?.origin ?? [];
  return { left, top, width: model.columns * (place?.i[0] ?? 0), height: model.rows * (place?.j[1] ?? 0) };
}
