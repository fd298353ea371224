import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isLong } from '../../../../test/support/sample.ts';
import { checkModel } from '../models/check.ts';
import { builtInModel, examineFolder, type ModelFolder, specOf } from '../models/folder.ts';
import { createInference, type Inference } from './client.ts';
import { colourOf, shrink, toGrey } from './grey.ts';
import type { FilmAnswer, ModelSpec } from './messages.ts';

/** The model as its makers gave it, with films that may not be shipped; it is not part of the repository. */
const PACKAGE = fileURLToPath(new URL('../../../../../../../shared/model/tb', import.meta.url));
const hasPackage = existsSync(path.join(PACKAGE, 'vectors', 'vectors.json'));
if (!hasPackage) console.warn('The model’s own package is not beside the repository: its films are not asked about.');

interface Vector {
  readonly file: string;
  readonly in128_gray_sha256: string;
  readonly expected: { readonly prob: number; readonly logit_sd: number; readonly lung_area: number; readonly box: number[] };
}
const vectorsOf = (): Vector[] => JSON.parse(readFileSync(path.join(PACKAGE, 'vectors', 'vectors.json'), 'utf8')).vectors;

let inference: Inference;
let model: ModelFolder;
beforeAll(async () => {
  inference = createInference();
  const found = await builtInModel();
  if (found === undefined) throw new Error('The model is not in the repository.');
  model = found;
});
afterAll(() => inference.close());

const ask = async (spec: ModelSpec, bytes: Uint8Array, threshold = 0.2906): Promise<FilmAnswer> => {
  const [answer] = await inference.run({ spec, films: [{ film: { kind: 'file', bytes }, threshold, isSentOn: true }] });
  if (answer === undefined) throw new Error('No answer.');
  return answer;
};

describe('the model that comes with the program', () => {
  test('is of allowed operators, and gives the values of its own checks from the files: preprocessing to the bit, gate and score', async () => {
    await examineFolder(model);
    expect(await checkModel(inference, model)).toBe(13);
  });

  test.skipIf(!hasPackage)(
    'gives the values of the package for all eight films, as float32 and with weights of 16 bits',
    async () => {
      const own = specOf(model);
      const whole = {
        ...own,
        model: {
          path: path.join(PACKAGE, 'model.onnx'),
          sha256: (await import('node:crypto'))
            .createHash('sha256')
            .update(readFileSync(path.join(PACKAGE, 'model.onnx')))
            .digest('hex'),
        },
      };
      const worst = { whole: 0, own: 0 };
      for (const { file, in128_gray_sha256, expected } of vectorsOf()) {
        const bytes = readFileSync(path.join(PACKAGE, file));
        const [exact, shipped] = [await ask(whole, bytes), await ask(own, bytes)];
        expect(exact.smallSha256).toBe(in128_gray_sha256);
        worst.whole = Math.max(worst.whole, Math.abs((exact.answer?.probability ?? 9) - expected.prob));
        worst.own = Math.max(worst.own, Math.abs((shipped.answer?.probability ?? 9) - expected.prob));
        for (const [at, side] of expected.box.entries()) expect(Math.abs((exact.answer?.box[at] ?? 9) - side)).toBeLessThan(1e-4);
        expect(Math.abs((exact.answer?.spread ?? 9) - expected.logit_sd)).toBeLessThan(1e-4);
      }
      console.info(
        `deviation of the probability: float32 ${worst.whole.toExponential(1)}, as shipped ${worst.own.toExponential(1)}`,
      );
      expect(worst.whole).toBeLessThan(2e-4);
      expect(worst.own).toBeLessThan(2e-3);
    },
  );
});

describe('films together and alone', () => {
  test('one that is no picture costs only itself, and films of one batch have the answers that each has alone', async () => {
    const spec = specOf(model);
    const read = (name: string): Buffer => readFileSync(path.join(model.folder, 'checks', name));
    const film = (bytes: Uint8Array) => ({ film: { kind: 'file', bytes } as const, threshold: 0.2906, isSentOn: false });
    const files = [
      read('testkit_chest.png'),
      Buffer.from('no picture'),
      read('testkit_chest_turned_90.png'),
      read('phantom_0.png'),
    ];
    const together = await inference.run({ spec, films: files.map(film) });
    expect(together.map(({ refusal }) => refusal)).toEqual([undefined, 'IMAGE_UNREADABLE', 'TURNED', 'NOT_A_CHEST']);
    const alone = await inference.run({ spec, films: files.slice(0, 1).map(film) });
    expect(together[0]?.answer?.probability).toBeCloseTo(alone[0]?.answer?.probability ?? -1, 5);
    expect(together[2]?.turned).toBe(90);
    expect(together[1]?.answer).toBeUndefined();
    expect(together[2]?.answer).toBeUndefined();
  });

  test.each([
    ['testkit_chest_inverted.png', 'INVERTED'],
    ['testkit_chest_turned_180.png', 'TURNED'],
    ['testkit_chest_turned_270.png', 'TURNED'],
    ['testkit_ct_1.png', 'NOT_A_CHEST'],
    ['page.png', 'NOT_A_CHEST'],
    ['black.png', 'NOT_A_CHEST'],
    ['colour.png', 'COLOUR_PHOTOGRAPH'],
  ])('%s is refused as %s', async (name, refusal) => {
    const bytes = readFileSync(path.join(model.folder, 'checks', name));
    const [answer] = await inference.run({
      spec: specOf(model),
      films: [{ film: { kind: 'file', bytes }, threshold: 0.2906, isSentOn: false }],
    });
    expect(answer).toMatchObject({ refusal, answer: undefined, heat: undefined });
  });

  test('the heat map lies on the whole picture, in its proportions', async () => {
    const bytes = readFileSync(path.join(model.folder, 'checks', 'phantom_2.png'));
    const { heat, width, height } = await ask(specOf(model), bytes);
    const png = await sharp(Buffer.from(heat?.png ?? [])).metadata();
    expect(png).toMatchObject({ format: 'png', channels: 4, width: heat?.width, height: heat?.height });
    expect((heat?.width ?? 0) / (heat?.height ?? 1)).toBeCloseTo(width / height, 2);
  });

  test.each<[what: string, side: number, refusal: string]>([
    ['a picture of 63 pixels', 63, 'TOO_SMALL'],
    ...(isLong
      ? [['one of more than 100 megapixels, which is not decoded', 10_001, 'TOO_LARGE'] satisfies [string, number, string]]
      : []),
  ])('%s', async (_what, side, refusal) => {
    const picture = sharp({ create: { width: side, height: side, channels: 3, background: 'grey' }, limitInputPixels: false });
    const [answer] = await inference.run({
      spec: specOf(model),
      films: [{ film: { kind: 'file', bytes: await picture.png().toBuffer() }, threshold: 0.29, isSentOn: true }],
    });
    expect(answer).toMatchObject({ refusal, answer: undefined });
  });
});

describe('a process that ends', () => {
  test('costs the task that it had; the next one finds another process', async () => {
    const spec = specOf(model);
    const bytes = readFileSync(path.join(model.folder, 'checks', 'phantom_0.png'));
    const first = await ask(spec, bytes);
    const { pid } = inference;
    const killed = ask(spec, bytes);
    process.kill(pid ?? 0, 'SIGKILL');
    await expect(killed).rejects.toMatchObject({ code: 'WORKER_FAILED' });
    expect((await ask(spec, bytes)).answer).toEqual(first.answer);
    expect(inference.pid).not.toBe(pid);
  });

  test.each([
    ['is not there', { path: '/nowhere/model.onnx', sha256: '00' }, 'MODEL_MISSING'],
    ['is not as it was', undefined, 'MODEL_CORRUPT'],
  ])('a model that %s is named', async (_what, file, code) => {
    const spec = specOf(model);
    const bytes = readFileSync(path.join(model.folder, 'checks', 'phantom_0.png'));
    const wrong = file ?? { ...spec.model, sha256: spec.gate.sha256.replace(/^./, (first) => (first === '0' ? '1' : '0')) };
    await expect(ask({ ...spec, model: wrong }, bytes)).rejects.toMatchObject({ code });
  });
});

describe('grey, colour and shrinking', () => {
  test('a picture of the wanted size stays as it is, and one twice as large is averaged as Pillow does', () => {
    const same = Uint8Array.from({ length: 16 }, (_, at) => at * 16);
    expect([...shrink(same, 4, 4, 4)]).toEqual([...same]);
    // Weights 1, 3, 3, 1 of the triangle, those beyond the edge left out: (3·0 + 3·80 + 1·160) / 7 and its mirror image.
    const line = Uint8Array.from({ length: 16 }, (_, at) => (at % 4) * 80);
    expect([...shrink(line, 4, 4, 2)]).toEqual([57, 183, 57, 183]);
  });

  test.each([
    [3, [255, 255, 255, 255, 0, 0], [255, 76], 127.5],
    [4, [0, 255, 0, 9, 10, 10, 10, 200], [150, 10], 127.5],
    [2, [7, 255, 9, 0], [7, 9], 0],
    [1, [1, 2], [1, 2], 0],
  ])('of %i channels', (channels, pixels, grey, colour) => {
    const picture = { pixels: Uint8Array.from(pixels), width: 2, height: 1, channels };
    expect([...toGrey(picture)]).toEqual(grey);
    expect(colourOf(picture)).toBe(colour);
  });
});
