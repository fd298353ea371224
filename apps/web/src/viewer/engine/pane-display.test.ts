import type { Types } from '@cornerstonejs/core';
import { type DecodedFrame, frameFormatOf, framePlanOf, overlaysOf, pixelTagOf, type Window } from '@negatoscope/dicom';
import { describe, expect, it, vi } from 'vitest';
import type { DicomJson } from '../model/dicom-json.ts';
import { sliceOf } from '../model/volume-fixture.ts';
import { PaneDisplay } from './pane-display.ts';
import { PaneMapping } from './pane-mapping.ts';
import { present, voiOf } from './presentation.ts';
import type { Shown } from './snapshot.ts';

const us = (...Value: number[]) => ({ vr: 'US', Value });
const ds = (...Value: number[]) => ({ vr: 'DS', Value });
const GRAY: DicomJson = { '00280100': us(16), '00280101': us(16), '00280102': us(15), '00280103': us(0) };
/** Two windows are stored, the first of which shows it; values are 1000 less than what is stored. */
const CT: DicomJson = {
  ...{ ...GRAY, '00281050': ds(40, -600), '00281051': ds(400, 1500), '00281052': ds(-1000), '00281053': ds(1) },
  '00281055': { vr: 'LO', Value: ['MEDIASTIN', 'POUMON'] },
};
const COLOUR: DicomJson = {
  '00280002': us(3),
  '00280004': { vr: 'CS', Value: ['RGB'] },
  '00280100': us(8),
  '00280101': us(8),
  '00280102': us(7),
};

/** A frame of 16 by 16 with these stored values, the last of them in all other pixels. */
async function shownOf(more: DicomJson, values: readonly number[]): Promise<Shown> {
  const model = sliceOf({ position: [0, 0, 0], more });
  const pixels = Uint16Array.from({ length: 256 }, (_, at) => values[Math.min(at, values.length - 1)] ?? 0);
  const format = frameFormatOf(model.dataset, pixelTagOf(model.dataset));
  const frame: DecodedFrame = { ...format, pixels: new Uint8Array(pixels.buffer) };
  const plan = await framePlanOf(model.dataset, 0, async () => new Uint8Array());
  const overlays = await overlaysOf(model.dataset, 0, async () => new Uint8Array());
  return { model, frame, planned: { plan, overlays, isLossy: false }, voi: plan.voi };
}

/** A pane that shows a frame as its display says. */
function open(shown: Shown | undefined) {
  const camera = { rotation: 0, flipHorizontal: false, flipVertical: false, zoom: 1, pan: [0, 0] as [number, number] };
  const viewport = {
    getViewPresentation: () => ({ rotation: camera.rotation }),
    setViewPresentation: (change: Partial<typeof camera>) => Object.assign(camera, change),
    getCamera: () => camera,
    setCamera: (change: Partial<typeof camera>) => Object.assign(camera, change),
    resetCamera: () => Object.assign(camera, { zoom: 1, pan: [0, 0] }),
    getZoom: () => camera.zoom,
    setZoom: (zoom: number) => Object.assign(camera, { zoom }),
    getPan: () => camera.pan,
    setPan: (pan: [number, number]) => Object.assign(camera, { pan }),
    render: vi.fn(),
  };
  const ports = { repaint: vi.fn(), onChange: vi.fn() };
  const display: PaneDisplay = new PaneDisplay({
    ...ports,
    viewport: () => (shown === undefined ? undefined : (viewport as unknown as Types.IStackViewport)), // All that is asked of it.
    shown: () => shown && { ...shown, voi: voiOf(shown.planned, display.presentation, undefined) },
  });
  const window = (): Pick<Window, 'center' | 'width'> | undefined => {
    const voi = shown && voiOf(shown.planned, display.presentation, undefined);
    return voi?.kind === 'window' ? { center: voi.center, width: voi.width } : undefined;
  };
  return { display, camera, window, ports };
}

describe('the window of a pane', () => {
  it('is the stored one of the frame, another stored one by its name, or one that is set', async () => {
    const { display, window } = open(await shownOf(CT, [1000]));
    expect(window()).toEqual({ center: 40, width: 400 });
    const [, lung] = (await shownOf(CT, [1000])).planned.plan.choices;
    if (lung !== undefined) display.applyPreset({ kind: 'stored', id: lung.id, stored: lung });
    expect(window()).toEqual({ center: -600, width: 1500 });
    display.applyPreset({ kind: 'window', id: 'bone', window: { kind: 'window', center: 480, width: 2500, shape: 'linear' } });
    expect(window()).toEqual({ center: 480, width: 2500 });
    display.applyPreset({ kind: 'own', id: 'default' });
    expect(window()).toEqual({ center: 40, width: 400 });
  });

  it('of a frame that has no such stored choice is its own', async () => {
    const { display, window } = open(await shownOf(CT, [1000]));
    display.applyPreset({ kind: 'stored', id: 'of another series', stored: undefined as never }); // Only its name is kept.
    expect(window()).toEqual({ center: 40, width: 400 });
  });

  it('over all values goes from the least to the greatest; an automatic one leaves the outermost hundredths out', async () => {
    const { display, window } = open(await shownOf(CT, [0, 4000, ...Array.from({ length: 254 }, (_, at) => 1000 + at)]));
    display.applyPreset({ kind: 'full', id: 'full' });
    expect(window()).toEqual({ center: 1000, width: 4000 });
    display.applyPreset({ kind: 'auto', id: 'auto' });
    expect(window()).toEqual({ center: 126.5, width: 249 });
  });

  it('over the values of an even picture is not of no width', async () => {
    const { display, window } = open(await shownOf(CT, [1000]));
    display.applyPreset({ kind: 'full', id: 'full' });
    expect(window()?.width).toBe(1);
  });

  it('dragged to the right is wider, downwards higher, by the range of the frame over the height of a pane', async () => {
    const { display, window } = open(await shownOf(CT, [0, 1400]));
    display.dragWindow(35, 0);
    expect(window()).toEqual({ center: 40, width: 470 });
    display.dragWindow(0, -70);
    expect(window()).toEqual({ center: -100, width: 470 });
    display.dragWindow(-10_000, 0);
    expect(window()?.width).toBe(1);
  });

  it('of one that spans far more than it shows is dragged in steps that can still be aimed', async () => {
    const { display, window } = open(await shownOf(CT, [0, 65_535]));
    display.dragWindow(700, 0);
    expect(window()?.width).toBe(400 + 2000 + 2 * 400);
  });

  it('of colour is none: presets and dragging do nothing', async () => {
    const shown = await shownOf(COLOUR, [7]);
    const { display, ports } = open(shown);
    display.applyPreset({ kind: 'full', id: 'full' });
    display.dragWindow(10, 10);
    expect([voiOf(shown.planned, display.presentation, undefined), ports.repaint.mock.calls.length]).toEqual([undefined, 0]);
  });

  it('of a frame that stores none is that of its series, asked for once, and again after it failed', async () => {
    const { planned } = await shownOf({ ...GRAY, '00080060': { vr: 'CS', Value: ['CR'] } }, [7]);
    const load = vi.fn().mockRejectedValueOnce(new TypeError('lost')).mockResolvedValue({ lower: 10, upper: 30 });
    const mapping = new PaneMapping(load);
    expect(voiOf(planned, { choice: { kind: 'own' }, isInverted: false }, mapping.range)).toBeUndefined();
    await expect(mapping.load()).rejects.toThrow('lost');
    await Promise.all([mapping.load(), mapping.load()]);
    expect(load).toHaveBeenCalledTimes(2);
    expect(voiOf(planned, { choice: { kind: 'own' }, isInverted: false }, mapping.range)).toMatchObject({
      center: 20,
      width: 20,
    });
  });

  it('of which the server could measure no frame is that of eight bits', async () => {
    const mapping = new PaneMapping(async () => null);
    await mapping.load();
    expect(mapping.range).toEqual({ lower: 0, upper: 255 });
  });
});

describe('a picture', () => {
  it('has black and white turned round by the reader, and twice is as it was stored', async () => {
    const shown = await shownOf(CT, [0, 5000]);
    const { display } = open(shown);
    const ends = () => [...present(shown.frame, shown.planned, display.presentation, undefined).pixels.slice(0, 2)];
    expect(ends()).toEqual([0, 255]);
    display.invert();
    expect(ends()).toEqual([255, 0]);
    display.invert();
    expect(ends()).toEqual([0, 255]);
  });

  it('that is stored the other way round (MONOCHROME1) is turned back by the reader', async () => {
    const shown = await shownOf({ ...CT, '00280004': { vr: 'CS', Value: ['MONOCHROME1'] } }, [0, 5000]);
    const ends = (isInverted: boolean) => [
      ...present(shown.frame, shown.planned, { choice: { kind: 'own' }, isInverted }, undefined).pixels.slice(0, 2),
    ];
    expect([ends(false), ends(true)]).toEqual([
      [255, 0],
      [0, 255],
    ]);
  });
});

describe('how a picture lies', () => {
  it('is turned by quarters round the clock, and flipped along either axis', async () => {
    const { display, camera } = open(await shownOf(CT, [1000]));
    for (const degrees of [90, 90, 90, 90, -90]) display.rotate(degrees);
    display.flip('horizontal');
    display.flip('vertical');
    display.flip('horizontal');
    expect(camera).toMatchObject({ rotation: 270, flipHorizontal: false, flipVertical: true });
  });

  it('is zoomed within what can be looked at, and moved by what the hand moves', async () => {
    const { display, camera } = open(await shownOf(CT, [1000]));
    display.zoomBy(1e6);
    expect(camera.zoom).toBe(40);
    display.zoomBy(1e-6);
    expect(camera.zoom).toBe(0.05);
    display.panBy(3, 4);
    display.panBy(3, 4);
    expect(camera.pan).toEqual([6, 8]);
  });

  it('is as it was opened after a reset, window and inversion too', async () => {
    const { display, camera, window } = open(await shownOf(CT, [1000]));
    display.dragWindow(50, 50);
    display.invert();
    display.rotate(90);
    display.zoomBy(2);
    display.reset();
    expect([window(), display.presentation.isInverted]).toEqual([{ center: 40, width: 400 }, false]);
    expect(camera).toMatchObject({ rotation: 0, zoom: 1, pan: [0, 0] });
  });

  it('does not change while there is no picture', () => {
    const { display, ports } = open(undefined);
    display.invert();
    display.reset();
    display.rotate(90);
    display.dragWindow(5, 5);
    display.applyPreset({ kind: 'full', id: 'full' });
    expect([ports.repaint, ports.onChange].map(({ mock }) => mock.calls.length)).toEqual([0, 0]);
  });
});
