import { describe, expect, it } from 'vitest';
import {
  bareFrame,
  DeidRefusal,
  DicomError,
  type DicomJsonObject,
  frameFormatOf,
  frameRanges,
  locateFrames,
  type ParsedInstance,
  parsePart10,
} from '../../src/index.ts';
import { CORPUS, HAS_CORPUS, inflateRaw, manifest, NO_CORPUS, readCorpus } from '../corpus.ts';
import { cleaned } from './support.ts';

const NAMING = ['00100020', '00100010', '00080018', '0020000D', '0020000E', '00080050'];

/** Values by which somebody could be found, long enough not to stand in the pixels by chance. */
function identifying(json: DicomJsonObject): string[] {
  return NAMING.flatMap((tag) => json[tag]?.Value ?? [])
    .flatMap((value) => (typeof value === 'string' ? [value] : Object.values(value ?? {})))
    .filter((value): value is string => typeof value === 'string' && value.length >= 6 && !value.startsWith('1.2.840.10008.'));
}

interface Opened {
  readonly parsed: ParsedInstance;
  readonly bytes: Uint8Array;
}

/** Frames as they are stored, without what else is in them. */
function bareFrames({ parsed, bytes }: Opened): Buffer[] {
  const format = { ...frameFormatOf(parsed.json, '7FE00010'), transferSyntaxUid: parsed.transferSyntaxUid };
  const table = locateFrames(parsed, bytes);
  return Array.from({ length: table.count }, (_, index) => {
    const parts = (frameRanges(table, index) ?? []).map(({ offset, length }) => bytes.subarray(offset, offset + length));
    return Buffer.from(bareFrame({ ...format, bytes: Buffer.concat(parts) }));
  });
}

function sameFrames(before: Opened, after: Opened): boolean {
  const [left, right] = [bareFrames(before), bareFrames(after)];
  return left.length === right.length && left.every((frame, index) => frame.equals(right[index] ?? Buffer.alloc(0)));
}

/** What is wrong with the result of one file; undefined where it is refused or no DICOM. */
function wrong(path: string): string | undefined {
  const file = readCorpus(path);
  try {
    const { result, bytes, space } = cleaned(
      file,
      'cleanDescriptors',
      'retainModifiedDates',
      'cleanStructuredContent',
      'retainSafePrivate',
    );
    const parsed = parsePart10(bytes, { inflateRaw });
    const original = parsePart10(file, { inflateRaw });
    const [before, after] = [original.pixelData, parsed.pixelData];
    if (bytes.length !== result.sizeBytes) return `${path}: size`;
    if ((before === undefined) !== (after === undefined)) return `${path}: pixels`;
    if (before?.encapsulated === true && !sameFrames({ parsed: original, bytes: file }, { parsed, bytes }))
      return `${path}: frames`;
    if (before !== undefined && after !== undefined && !before.bigEndian && !before.encapsulated) {
      const length = before.length ?? 0;
      const [left, right] = [before, after].map(({ offset }, at) => (at === 0 ? space : bytes).subarray(offset, offset + length));
      if (!Buffer.from(left ?? []).equals(right ?? Buffer.alloc(0))) return `${path}: pixel bytes`;
    }
    const head = Buffer.from(bytes.subarray(0, after?.offset)).toString('latin1');
    const found = identifying(original.json).filter((value) => head.includes(value));
    return found.length === 0 ? undefined : `${path}: ${found.join(' ')}`;
  } catch (error) {
    if (error instanceof DeidRefusal || error instanceof DicomError) {
      return undefined;
    }
    throw new Error(`${path} in ${CORPUS}`, { cause: error });
  }
}

describe.skipIf(!HAS_CORPUS)(`files of others, de-identified${NO_CORPUS}`, () => {
  // Each fourth one: all of them take as long as all the other tests here.
  const EVERY = process.env.NEGATOSCOPE_LONG_TESTS === undefined ? 4 : 1;

  it('can be read, have their pixels, and neither name, number nor UID of before', { timeout: 120_000 }, () => {
    const paths = manifest()
      .flatMap(({ file }) => (file === undefined ? [] : [file]))
      .filter((_, at) => at % EVERY === 0);
    const problems = paths.map(wrong).filter((problem) => problem !== undefined);
    expect(problems).toEqual([]);
  });
});
