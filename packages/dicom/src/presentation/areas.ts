import { readItems, readNumber, readNumbers, readString } from '../json-readers.ts';
import type { DicomJsonObject } from '../types.ts';
import { scopeOf } from './references.ts';
import type { StateArea, StateNote, StatePoint } from './types.ts';

const MOST = 2000;

function pointAt(item: DicomJsonObject, tag: string): StatePoint | undefined {
  const [x, y] = readNumbers(item, tag) ?? [];
  return x === undefined || y === undefined ? undefined : [x, y];
}

/** Presentation Pixel Spacing, or Presentation Pixel Aspect Ratio: rows by columns. */
function aspectOf(item: DicomJsonObject): number | undefined {
  const [row, column] = readNumbers(item, '00700101') ?? readNumbers(item, '00700102') ?? [];
  return row !== undefined && column !== undefined && row > 0 && column > 0 ? row / column : undefined;
}

function sizingOf(item: DicomJsonObject, note: (note: StateNote) => void): Pick<StateArea, 'sizing' | 'magnification'> {
  const mode = readString(item, '00700100');
  const magnification = readNumber(item, '00700103');
  if (mode === 'MAGNIFY' && magnification !== undefined && magnification > 0 && magnification <= 100)
    return { sizing: 'magnify', magnification };
  // How large a millimetre is on this screen nobody knows: shown whole instead, and told.
  if (mode === 'TRUE SIZE') note('trueSize');
  else if (mode !== 'SCALE TO FIT') note('damaged');
  return { sizing: mode === 'TRUE SIZE' ? 'true-size' : 'fit', magnification: undefined };
}

/** Displayed Area Selection Sequence (PS3.3 C.10.4); an area without two corners shows nothing, and is told. */
export function areasOf(dataset: DicomJsonObject, note: (note: StateNote) => void): StateArea[] {
  return readItems(dataset, '0070005A')
    .slice(0, MOST)
    .flatMap((item): StateArea[] => {
      const [from, to] = [pointAt(item, '00700052'), pointAt(item, '00700053')];
      if (from === undefined || to === undefined) {
        note('damaged');
        return [];
      }
      return [{ scope: scopeOf(item), from, to, ...sizingOf(item, note), aspect: aspectOf(item) }];
    });
}
