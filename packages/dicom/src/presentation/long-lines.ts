import { readItems, readNumber, readString } from '../json-readers.ts';
import { floatValues } from '../number-values.ts';
import type { ReadBulk } from '../pixels/bulk.ts';
import type { DicomJsonObject } from '../types.ts';
import { MOST_POINTS } from './graphics.ts';

const ANNOTATIONS = '00700001';
const GRAPHICS = '00700009';
const DATA = '00700022';
/** Two values of FL. */
const POINT_BYTES = 8;
/** Shorter lines come with the header: no more long ones are within the points of a state. */
const MOST_LONG = 6;

const isLong = (graphic: DicomJsonObject): boolean =>
  graphic[DATA]?.BulkDataURI !== undefined && /^(POLYLINE|INTERPOLATED)$/.test(readString(graphic, '00700023') ?? '');

/** Gives long lines their points, one after the other, within the points that a state may have. */
class LongLines {
  readonly #readBulk: ReadBulk;
  #points = MOST_POINTS;
  #lines = MOST_LONG;

  constructor(readBulk: ReadBulk) {
    this.#readBulk = readBulk;
  }

  async graphic(graphic: DicomJsonObject): Promise<DicomJsonObject> {
    if (!isLong(graphic)) {
      this.#points -= (graphic[DATA]?.Value?.length ?? 0) / 2;
      return graphic;
    }
    const points = readNumber(graphic, '00700021') ?? this.#points;
    if (this.#lines <= 0 || !(points > 0 && points <= this.#points)) return graphic;
    this.#lines -= 1;
    const bytes = await this.#readBulk(graphic[DATA]?.BulkDataURI ?? '', points * POINT_BYTES);
    if (bytes === undefined) return graphic;
    this.#points -= bytes.length / POINT_BYTES;
    return { ...graphic, [DATA]: { vr: 'FL', Value: floatValues(bytes) } };
  }
}

/**
 * A presentation state whose lines are all in it (PS3.3 C.10.5, Graphic Data): one of more than 8,192 points is longer than the 64 KiB that stay with a
 * header, which names its place alone. It is had from there where the state has no more points than are drawn; others stay as they are, and
 * `presentationStateOf` tells of them. No more than 400,000 bytes are asked for, and nothing where no line is long. Fails with what `readBulk` fails with.
 */
export async function withLongLines(dataset: DicomJsonObject, readBulk: ReadBulk): Promise<DicomJsonObject> {
  const annotations = readItems(dataset, ANNOTATIONS);
  if (!annotations.some((one) => readItems(one, GRAPHICS).some(isLong))) return dataset;
  const lines = new LongLines(readBulk);
  const whole: DicomJsonObject[] = [];
  for (const annotation of annotations) {
    const graphics: DicomJsonObject[] = [];
    for (const graphic of readItems(annotation, GRAPHICS)) graphics.push(await lines.graphic(graphic));
    whole.push(graphics.length === 0 ? annotation : { ...annotation, [GRAPHICS]: { vr: 'SQ', Value: graphics } });
  }
  return { ...dataset, [ANNOTATIONS]: { vr: 'SQ', Value: whole } };
}
