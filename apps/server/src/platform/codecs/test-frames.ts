import { readFileSync } from 'node:fs';
import path from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { type EncodedFrame, finishFrameRead, frameFormatOf, locateFrames, parsePart10, planFrameRead } from '@negatoscope/dicom';

/** Folder of the test files that no one here made; absent on machines that have not fetched them. */
export const TEST_DATA =
  process.env.NEGATOSCOPE_TESTDATA ?? path.resolve(import.meta.dirname, '../../../../../../shared/testdata/dicom');

/** One frame of a file as the routes would hand it to a codec thread. Throws what the reader throws. */
export function frameOfFile(file: string, index = 0): EncodedFrame {
  const bytes = readFileSync(path.join(TEST_DATA, file));
  const inflateRaw = (deflated: Uint8Array): Uint8Array => inflateRawSync(deflated);
  const parsed = parsePart10(bytes, { inflateRaw });
  const table = locateFrames(parsed, bytes, { inflateRaw });
  const plan = planFrameRead(table, index);
  if (plan === undefined || parsed.pixelData === undefined) throw new Error('no such frame');
  const source = table.space === 'file' ? bytes : inflateRawSync(bytes.subarray(parsed.datasetOffset));
  const joined = Buffer.concat(plan.ranges.map(({ offset, length }) => source.subarray(offset, offset + length)));
  const format = frameFormatOf(parsed.json, parsed.pixelData.tag);
  return { ...format, transferSyntaxUid: parsed.transferSyntaxUid, bytes: finishFrameRead(plan, joined) };
}
