import type { Types } from '@cornerstonejs/core';
import {
  type FrameFormat,
  frameFormatOf,
  framePlanOf,
  type PresentationState,
  parsePart10,
  pixelTagOf,
  presentationStateOf,
} from '@negatoscope/dicom';
import { type PresentationStateOptions, presentationState, smallPicture } from '@negatoscope/testkit';
import { expect, test, vi } from 'vitest';
import { buildFrames } from '../model/study-model.ts';
import { PaneState } from './pane-state.ts';
import { OWN_PRESENTATION, present, voiOf } from './presentation.ts';

const picture = smallPicture({
  ...{ seed: 'pane-state', columns: 3, cells: Uint8Array.of(0, 100, 200) },
  dataset: { WindowCenter: '100', WindowWidth: '10' },
});
const { json, pixelData } = parsePart10(picture.bytes);
const [frame] = buildFrames(json, '/series');
if (frame === undefined) throw new TypeError('The phantom has no frame.');
const pixels = picture.bytes.slice(pixelData?.offset ?? 0, (pixelData?.offset ?? 0) + 3);
const decoded = { ...(frameFormatOf(json, pixelTagOf(json)) satisfies FrameFormat), pixels };
const planned = {
  plan: await framePlanOf(json, 0, async () => undefined),
  overlays: { overlays: [], embeddedOverlays: [] },
  isLossy: false,
};

function stateOf(options: Partial<PresentationStateOptions> = {}): PresentationState {
  const state = presentationStateOf(
    parsePart10(presentationState({ seed: 'pane-state', images: [picture], window: [100, 201], ...options }).bytes).json,
  );
  if (state === undefined) throw new TypeError('That is no presentation state.');
  return state;
}
const shownBy = (state: PaneState, presentation = OWN_PRESENTATION) => [
  ...present(decoded, state.on(frame, planned), presentation, undefined).pixels,
];

test('a state is the picture of the frames that it is for, once it has been read; without it the picture is as it was', async () => {
  const onChange = vi.fn();
  const pane = new PaneState(onChange);
  expect(shownBy(pane)).toEqual([0, 142, 255]);
  pane.choose(stateOf({ shape: 'INVERSE' }));
  expect([pane.standing(frame), shownBy(pane)]).toEqual([undefined, [0, 142, 255]]);
  await pane.prepare(frame);
  expect([pane.standing(frame), shownBy(pane)]).toEqual(['applied', [254, 127, 0]]);
  expect(pane.prepare(frame)).toBeUndefined();
  pane.choose(undefined);
  expect([pane.standing(frame), shownBy(pane), onChange.mock.calls.length]).toEqual([undefined, [0, 142, 255], 2]);
});

test('a reader’s own window is one of the image; black and white stay as the state has them', async () => {
  const pane = new PaneState(() => undefined);
  pane.choose(stateOf({ rescale: [10, 0], shape: 'INVERSE' }));
  await pane.prepare(frame);
  const window = { kind: 'window', center: 100, width: 201, shape: 'linear' } as const;
  const set = { choice: { kind: 'set', window }, isInverted: false } as const;
  expect(shownBy(pane, set)).toEqual([254, 127, 0]);
  expect(voiOf(pane.on(frame, planned), OWN_PRESENTATION, undefined)).toMatchObject({ center: 100, width: 201 });
  expect(shownBy(pane, { ...set, isInverted: true })).toEqual([1, 128, 255]);
});

test('one that is for other images touches nothing', async () => {
  const pane = new PaneState(() => undefined);
  pane.choose(stateOf({ images: [{ ...picture, sopInstanceUid: '1.2' }], shape: 'INVERSE' }));
  expect([pane.prepare(frame), pane.standing(frame), shownBy(pane)]).toEqual([undefined, 'elsewhere', [0, 142, 255]]);
});

test('one whose tables can’t be had leaves the frame as it was, and says so', async () => {
  vi.stubGlobal('window', { location: { origin: 'http://localhost' } });
  vi.stubGlobal('fetch', async () => new Response('', { status: 500 }));
  const state = stateOf();
  const table = {
    '00283002': { vr: 'US', Value: [4, 0, 8] },
    '00283006': { vr: 'OW', BulkDataURI: '/dicom-web/bulk/1' },
  } as const;
  const pane = new PaneState(() => undefined);
  pane.choose({ ...state, dataset: { ...state.dataset, '20500010': { vr: 'SQ', Value: [table] } } });
  await pane.prepare(frame);
  expect([pane.standing(frame), shownBy(pane)]).toEqual(['failed', [0, 142, 255]]);
  vi.unstubAllGlobals();
});

test('a pane is placed once for an area, as the reader left it afterwards, and back where it stood', async () => {
  const shown = { rotation: 0, left: 'as it was' };
  const viewport = {
    canvas: { width: 300, height: 100, clientWidth: 300, clientHeight: 100 },
    getViewPresentation: () => ({ ...shown }),
    setViewPresentation: vi.fn(),
    resetCamera: vi.fn(),
    setCamera: vi.fn(),
    getCamera: () => ({ focalPoint: [0, 0, 0], position: [0, 0, 1] }),
    worldToCanvas: ([x = 0, y = 0]: readonly number[]) => [x, y],
    canvasToWorld: ([x = 0, y = 0]: readonly number[]) => [x, y, 0],
    render: vi.fn(),
  } as unknown as Types.IStackViewport; // All that is asked of it.
  const pane = new PaneState(() => undefined);
  pane.settle(viewport, frame);
  expect(viewport.render).not.toHaveBeenCalled();
  pane.choose(stateOf({ area: [2, 1, 2, 1] }));
  await pane.prepare(frame);
  pane.settle(viewport, frame);
  pane.settle(viewport, frame);
  expect(viewport.render).toHaveBeenCalledTimes(1);
  // One pixel of the frame on 100 of the canvas, whose half is 50.
  expect(viewport.setCamera).toHaveBeenCalledWith({ parallelScale: 50 * (frame.drawingSpacing.columnMm / 100) });
  pane.choose(undefined);
  pane.settle(viewport, frame);
  expect(viewport.setViewPresentation).toHaveBeenLastCalledWith(shown);
});
