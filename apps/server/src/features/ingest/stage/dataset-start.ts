import { DicomError, part10Reader } from '@negatoscope/dicom';

export interface DatasetStart {
  readonly transferSyntaxUid: string;
  /** First byte after group 0002. */
  readonly offset: number;
}

const isPrefix = (bytes: Buffer, at: number): boolean =>
  bytes.length >= at + 4 && bytes.toString('latin1', at, at + 4) === 'DICM';
const LONG_LENGTH = new Set(['OB', 'OW', 'OF', 'OD', 'OL', 'OV', 'SQ', 'UN', 'UT', 'UC', 'UR', 'SV', 'UV']);

/**
 * Tells from a file's first bytes where its dataset begins, so that two files can be compared without what surrounds it. Undefined when
 * there is no explicit group 0002 with a transfer syntax, or it is longer than `head`.
 */
export function datasetStart(head: Buffer): DatasetStart | undefined {
  let at = isPrefix(head, 128) ? 132 : isPrefix(head, 0) ? 4 : 0;
  let transferSyntaxUid: string | undefined;
  while (at + 12 <= head.length && head.readUInt16LE(at) === 0x0002) {
    const isLong = LONG_LENGTH.has(head.toString('latin1', at + 4, at + 6));
    const length = isLong ? head.readUInt32LE(at + 8) : head.readUInt16LE(at + 6);
    const start = at + (isLong ? 12 : 8);
    if (start + length > head.length) return undefined;
    if (head.readUInt16LE(at + 2) === 0x0010)
      transferSyntaxUid = head.toString('latin1', start, start + length).replace(/[\0 ]+$/, '');
    at = start + length;
  }
  return transferSyntaxUid === undefined ? undefined : { transferSyntaxUid, offset: at };
}

/** Far larger than any file: only its first bytes are there to be looked at. */
const UNKNOWN_SIZE = 2 ** 50;

/** Whether a file that begins like this can be no DICOM, whatever follows: then it is neither hashed nor written. */
export function isHopeless(head: Buffer): boolean {
  if (isPrefix(head, 128)) return false;
  try {
    const reader = part10Reader(UNKNOWN_SIZE);
    for (let step = reader.next(); !step.done && step.value.offset < head.length; )
      step = reader.next(head.subarray(step.value.offset));
    return false;
  } catch (error) {
    return error instanceof DicomError && error.code === 'NOT_DICOM';
  }
}
