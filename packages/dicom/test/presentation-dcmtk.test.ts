import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type PresentationStateOptions, presentationState, smallPicture } from '@negatoscope/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  frameFormatOf,
  framePlanOf,
  parsePart10,
  pixelTagOf,
  planState,
  presentationStateOf,
  renderFrame,
  renderPlanFor,
} from '../src/index.ts';

/** DCMTK's own reading of presentation states. */
const BINARY = ['/usr/bin/dcmp2pgm', '/usr/local/bin/dcmp2pgm', '/opt/homebrew/bin/dcmp2pgm'].find(existsSync);
const SIDE = 16;
const picture = smallPicture({
  ...{ seed: 'by-dcmtk', columns: SIDE, bitsStored: 12 },
  cells: Uint16Array.from({ length: SIDE * SIDE }, (_, at) => at * 16),
  dataset: { WindowCenter: '100', WindowWidth: '50' },
});
const CASES: Readonly<Record<string, Partial<PresentationStateOptions>>> = {
  window: { window: [1500, 1000] },
  'rescale and window': { rescale: [2, -1000], window: [1000, 3000] },
  inverse: { window: [2000, 4000], shape: 'INVERSE' },
  identity: {},
  'a presentation table': {
    window: [2048, 4096],
    dataset: {
      '20500020': undefined,
      '20500010': {
        vr: 'SQ',
        value: [
          {
            '00283002': { vr: 'US', value: [256, 0, 10] },
            // Falls, then rises.
            '00283006': { vr: 'US', value: Array.from({ length: 256 }, (_, at) => Math.abs(at - 100) * 3) },
          },
        ],
      },
    },
  },
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'states-'));
  writeFileSync(path.join(folder, 'image.dcm'), picture.bytes);
});
afterAll(() => rmSync(folder, { recursive: true }));

function byDcmtk(state: Uint8Array): Uint8Array {
  const [image, file, made] = ['image.dcm', 'state.dcm', 'made.pgm'].map((name) => path.join(folder, name));
  writeFileSync(String(file), state);
  execFileSync(String(BINARY), ['-p', String(file), String(image), String(made)], { stdio: 'ignore' });
  const bytes = readFileSync(String(made));
  return bytes.subarray(bytes.length - SIDE * SIDE);
}

test.skipIf(BINARY === undefined).each(Object.entries(CASES))(
  'a state by %s gives the grays that DCMTK gives, within a step',
  async (name, options) => {
    const { bytes } = presentationState({ seed: 'by-dcmtk', images: [picture], area: [1, 1, SIDE, SIDE], ...options });
    const { json, pixelData } = parsePart10(picture.bytes);
    const state = presentationStateOf(parsePart10(bytes).json);
    if (state === undefined) throw new TypeError('That is no presentation state.');
    const none = async () => undefined;
    const { grays, overlays, shutters } = await planState(state, json, { ...picture, frameNumber: 1 }, none);
    const rendered = renderPlanFor(await framePlanOf(json, 0, none), grays?.voi, overlays);
    const offset = pixelData?.offset ?? 0;
    const frame = { ...frameFormatOf(json, pixelTagOf(json)), pixels: picture.bytes.slice(offset, offset + SIDE * SIDE * 2) };
    const own = renderFrame(frame, { ...rendered, gray: { ...rendered.gray, ...grays, voi: grays?.voi }, shutters });
    const theirs = byDcmtk(bytes);
    const apart = [...own.pixels].map((value, at) => Math.abs(value - (theirs[at] ?? 0)));
    // Between window and table DCMTK cuts off where we round.
    expect(Math.max(...apart)).toBeLessThanOrEqual(name.includes('table') ? 2 : 1);
  },
);
