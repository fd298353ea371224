import { describe, expect, test } from 'vitest';
import { el, sq } from '../elements-fixture.ts';
import type { DicomJsonObject } from '../types.ts';
import { withLongLines } from './long-lines.ts';
import { presentationStateOf } from './state.ts';

const bytesOf = (points: number): Uint8Array =>
  new Uint8Array(Float32Array.from({ length: 2 * points }, (_, at) => at / 4).buffer);

/** A line whose points stand where `uri` says. */
const long = (uri: string, points: number | undefined, type = 'POLYLINE'): DicomJsonObject => ({
  ...{ '00700005': el('CS', 'PIXEL'), '00700020': el('US', 2), '00700023': el('CS', type) },
  ...(points === undefined ? {} : { '00700021': el('US', points) }),
  '00700022': { vr: 'FL', BulkDataURI: uri },
});
const short = (points: number): DicomJsonObject => ({
  ...long('', points),
  '00700022': el('FL', ...Array.from({ length: 2 * points }, (_, at) => at)),
});
const stateWith = (...graphics: readonly DicomJsonObject[]): DicomJsonObject => ({
  '00080016': el('UI', '1.2.840.10008.5.1.4.1.1.11.1'),
  '00080018': el('UI', '1.2.4'),
  '00081115': sq({ '0020000E': el('UI', '1.2'), '00081140': sq({ '00081155': el('UI', '1.2.3') }) }),
  '00700001': sq({ '00700002': el('CS', 'L'), '00700009': sq(...graphics) }),
});

/** What is read of a state whose file has these values, what was asked for, and what is told. */
async function read(dataset: DicomJsonObject, file: Readonly<Record<string, Uint8Array>>) {
  const asked: [uri: string, most: number | undefined][] = [];
  const whole = await withLongLines(dataset, async (uri, most) => {
    asked.push([uri, most]);
    const bytes = file[uri];
    return bytes !== undefined && bytes.length <= (most ?? 0) ? bytes : undefined;
  });
  const state = presentationStateOf(whole);
  return { whole, asked, points: state?.annotations[0]?.graphics.map(({ points }) => points.length), notes: state?.notes };
}

describe('lines that are too long to stand in a header (PS3.3 C.10.5, Graphic Data)', () => {
  test('have the points that their file has, x before y, straight and curved ones', async () => {
    const dataset = stateWith(long('a', 9000), short(3), long('b', 8200, 'INTERPOLATED'));
    const { whole, asked, points, notes } = await read(dataset, { a: bytesOf(9000), b: bytesOf(8200) });
    expect([asked, points, notes]).toEqual([[...[['a', 72_000] as const, ['b', 65_600] as const]], [9000, 3, 8200], []]);
    expect(presentationStateOf(whole)?.annotations[0]?.graphics[0]?.points[8999]).toEqual([4499.5, 4499.75]);
    // Whoever keeps the header keeps it as it was.
    expect(presentationStateOf(dataset)?.notes).toEqual(['tooMany']);
  });

  test('are not asked for where none is long: the dataset is the very same', async () => {
    const dataset = stateWith(short(3), long('circle', 2, 'CIRCLE'));
    const { whole, asked } = await read(dataset, {});
    expect([whole === dataset, asked]).toEqual([true, []]);
  });

  test('are left out, and told, beyond the points that are drawn of a state, without being read', async () => {
    const file = { a: bytesOf(30_000), b: bytesOf(20_001), c: bytesOf(50_001) };
    expect(await read(stateWith(long('c', 50_001)), file)).toMatchObject({ asked: [], points: [], notes: ['tooMany'] });
    expect(await read(stateWith(long('a', 30_000), long('b', 20_001)), file)).toMatchObject({
      ...{ asked: [['a', 240_000]], points: [30_000], notes: ['tooMany'] },
    });
    expect(await read(stateWith(short(20_000), long('a', 30_000)), file)).toMatchObject({ points: [20_000, 30_000], notes: [] });
  });

  test('are left out, and told, where the file has other points than it says', async () => {
    const file = { a: bytesOf(9000) };
    expect(await read(stateWith(long('a', 1)), file)).toMatchObject({ asked: [['a', 8]], points: [], notes: ['tooMany'] });
    expect(await read(stateWith(long('a', 9001)), file)).toMatchObject({ points: [], notes: ['damaged'] });
    expect(await read(stateWith(long('gone', 9000)), file)).toMatchObject({ points: [], notes: ['tooMany'] });
    expect(await read(stateWith(long('a', -5)), file)).toMatchObject({ asked: [], points: [], notes: ['tooMany'] });
    // Without a number they are taken by their data, as short ones are.
    expect(await read(stateWith(long('a', undefined)), file)).toMatchObject({ points: [9000], notes: [] });
  });

  test('are asked for a few times only, whatever a state announces', async () => {
    const { asked } = await read(stateWith(...Array.from({ length: 500 }, (_, at) => long(`${at}`, 1))), {});
    expect(asked).toHaveLength(6);
  });

  test('that hold what is no number cost only themselves', async () => {
    const bytes = bytesOf(8200);
    new DataView(bytes.buffer).setFloat32(400, Number.NaN, true);
    expect(await read(stateWith(long('a', 8200), short(2)), { a: bytes })).toMatchObject({ points: [2], notes: ['damaged'] });
  });
});
