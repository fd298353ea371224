import { describe, expect, it } from 'vitest';
import { DeidRefusal, DicomError, type DicomJsonObject, parsePart10 } from '../../src/index.ts';
import { CORPUS, HAS_CORPUS, inflateRaw, manifest, NO_CORPUS, readCorpus } from '../corpus.ts';
import { cleaned } from './support.ts';

const NAMING = ['00100020', '00100010', '00080018', '0020000D', '0020000E', '00080050'];

/** Values by which somebody could be found, long enough not to stand in the pixels by chance. */
function identifying(json: DicomJsonObject): string[] {
  return NAMING.flatMap((tag) => json[tag]?.Value ?? [])
    .flatMap((value) => (typeof value === 'string' ? [value] : Object.values(value ?? {})))
    .filter((value): value is string => typeof value === 'string' && value.length >= 6 && !value.startsWith('1.2.840.10008.'));
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
    if (before !== undefined && after !== undefined && !before.bigEndian) {
      const length = before.length ?? bytes.length - after.offset;
      const [left, right] = [
        space.subarray(before.offset, before.offset + length),
        bytes.subarray(after.offset, after.offset + length),
      ];
      if (!Buffer.from(left).equals(right)) return `${path}: pixel bytes`;
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

  it('can be read, have their pixel bytes, and neither name, number nor UID of before', { timeout: 120_000 }, () => {
    const paths = manifest()
      .flatMap(({ file }) => (file === undefined ? [] : [file]))
      .filter((_, at) => at % EVERY === 0);
    const problems = paths.map(wrong).filter((problem) => problem !== undefined);
    expect(problems).toEqual([]);
  });
});
