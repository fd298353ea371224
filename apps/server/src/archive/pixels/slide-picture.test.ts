import { type DicomJsonObject, type ParsedInstance, type RenderedFrame, slideLevelOf, slidesOfLevels } from '@negatoscope/dicom';
import { expect, test } from 'vitest';
import type { PictureSource } from './renderer.ts';
import type { InstanceEntry } from './series-table.ts';
import { createSlideRenderer, type SlideTask } from './slide-picture.ts';
import { planSlide } from './slide-plan.ts';

const value = (vr: string, ...values: (string | number)[]) => ({ vr, Value: values }) as DicomJsonObject[string];
const [SIDE, ACROSS] = [8, 10];
const json: DicomJsonObject = {
  '00080008': value('CS', 'DERIVED', 'PRIMARY', 'VOLUME', 'NONE'),
  '00080016': value('UI', '1.2.840.10008.5.1.4.1.1.77.1.6'),
  '00080018': value('UI', '1.2.3'),
  ...{ '00280002': value('US', 3), '00280004': value('CS', 'RGB'), '00280006': value('US', 0) },
  ...{ '00280008': value('IS', ACROSS * ACROSS), '00280010': value('US', SIDE), '00280011': value('US', SIDE) },
  ...{ '00280100': value('US', 8), '00280101': value('US', 8), '00280102': value('US', 7), '00280103': value('US', 0) },
  '00209311': value('CS', 'TILED_FULL'),
  ...{ '00480006': value('UL', SIDE * ACROSS), '00480007': value('UL', SIDE * ACROSS) },
};
const frameBytes = SIDE * SIDE * 3;
const entry = {
  ...{ id: 'object', key: 'object', sopInstanceUid: '1.2.3', transferSyntaxUid: '1.2.840.10008.1.2.1', sizeBytes: 1_000_000 },
  ...{ frames: ACROSS * ACROSS, columns: SIDE, rows: SIDE },
} as InstanceEntry; // What is read of it.

/** A slide of a hundred tiles, of which each is drawn when it is let go on. */
function slide() {
  const [level] = [slideLevelOf(json)].flatMap((one) => one ?? []);
  const [found] = level === undefined ? [] : slidesOfLevels([level]);
  if (level === undefined || found === undefined) throw new Error('no slide');
  const header = {
    json,
    transferSyntaxUid: entry.transferSyntaxUid,
    bulkData: [],
    pixelData: { tag: '7FE00010' },
  } as unknown as ParsedInstance; // The same.
  const table = {
    kind: 'native',
    space: 'file',
    count: ACROSS * ACROSS,
    announced: ACROSS * ACROSS,
    warnings: [],
    offset: 0,
    frameBytes,
    bigEndian: false,
    wordBytes: 1,
  };
  const waiting: (() => void)[] = [];
  let drawn = 0;
  const image: RenderedFrame = { pixels: new Uint8Array(frameBytes).fill(9), rows: SIDE, columns: SIDE, channels: 3 };
  const source = {
    locator: { header: async () => header, headerOf: async () => header, frameTable: async () => table },
    objects: { isDamaged: async () => false, read: async () => Buffer.alloc(frameBytes) },
    codecs: {
      renderFrame: async () => {
        drawn += 1;
        await new Promise<void>((resolve) => waiting.push(resolve));
        return image;
      },
    },
  } as unknown as PictureSource; // What drawing asks of it.
  const params = { type: 'image/png', quality: 90, window: undefined, viewport: undefined } as const;
  const task: SlideTask = { series: {} as SlideTask['series'], entry, plan: planSlide(found, level, undefined), params };
  const goOn = async (rounds: number): Promise<void> => {
    for (let round = 0; round < rounds; round += 1) {
      for (const next of waiting.splice(0)) next();
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  };
  return { render: createSlideRenderer(source), task, goOn, drawn: () => drawn };
}

test('a slide is not drawn to its end for who has gone, and is for another who waits for the same', async () => {
  const { render, task, goOn, drawn } = slide();
  const [first, second] = [new AbortController(), new AbortController()];
  const left = render(task, { whose: 'one', gone: first.signal }).catch((error: unknown) => error);
  const stays = render(task, { whose: 'other', gone: second.signal });
  await goOn(5);
  first.abort();
  await goOn(60);
  expect((await stays).subarray(1, 4).toString()).toBe('PNG');
  await left;
  expect(drawn()).toBe(ACROSS * ACROSS);
});

test('ends with the tiles at hand once nobody waits; who asks afterwards has it made again', async () => {
  const { render, task, goOn, drawn } = slide();
  const gone = new AbortController();
  const left = render(task, { whose: 'one', gone: gone.signal }).catch((error: unknown) => error);
  await goOn(5);
  gone.abort();
  await goOn(5);
  expect(await left).toBeInstanceOf(Error);
  const before = drawn();
  const late = render(task, { whose: 'one', gone: new AbortController().signal });
  await goOn(60);
  expect((await late).length).toBeGreaterThan(50);
  expect([before < 60, drawn() > before]).toEqual([true, true]);
});
