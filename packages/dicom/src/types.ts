/** Shapes of what the Part 10 reader gives; {@link ./part10.ts} makes them. */

/** `file`: bytes as stored; `inflated`: the dataset of a deflated transfer syntax, offset 0 being its first inflated byte. */
export type ByteSpace = 'file' | 'inflated';

/**
 * Bytes a reader needs. The answer may be longer; it may be shorter (at least one byte), and then the rest is asked for again; an empty
 * answer means that the space ends at `offset`.
 */
export interface ByteRequest {
  readonly space: ByteSpace;
  /** Bytes from the start of the space. */
  readonly offset: number;
  /** Bytes, at least 1. */
  readonly length: number;
  /** For the space `inflated`: where in the file the deflated data begins; it goes on to the end of the file. */
  readonly inflateFrom?: number;
}

/** A Person Name in DICOM JSON (PS3.18 F.2.2). */
export interface DicomJsonPersonName {
  Alphabetic?: string;
  Ideographic?: string;
  Phonetic?: string;
}

export type DicomJsonValue = string | number | null | DicomJsonPersonName | DicomJsonObject;

/** One attribute in DICOM JSON (PS3.18 F.2.2); at most one of `Value`, `BulkDataURI`, `InlineBinary`, none when the value is empty. */
export interface DicomJsonElement {
  readonly vr: string;
  readonly Value?: readonly DicomJsonValue[];
  readonly BulkDataURI?: string;
  readonly InlineBinary?: string;
}

/** A dataset in DICOM JSON; keys are tags as eight upper-case hexadecimal digits (PS3.18 F.2.2). */
export interface DicomJsonObject {
  [tag: string]: DicomJsonElement;
}

/** A value left in the file. */
export interface BulkDataRef {
  /** `TAG`, or `SEQTAG/0/TAG` inside the first item of a sequence, and so on. */
  readonly path: string;
  /** Eight upper-case hexadecimal digits. */
  readonly tag: string;
  readonly vr: string;
  readonly space: ByteSpace;
  /** First byte of the value. */
  readonly offset: number;
  /** Bytes; undefined for a top-level Pixel Data of undefined length. */
  readonly length: number | undefined;
  /** True when the value is big endian: DICOM JSON and frames are little endian, so words of `wordBytes` must be swapped. */
  readonly bigEndian: boolean;
  /** Size of the words the value consists of: 1, 2, 4 or 8. */
  readonly wordBytes: number;
  /** True when the value is a run of fragment items (PS3.5 A.4) ending in a sequence delimiter, both included in `length`. */
  readonly encapsulated: boolean;
}

/** Where top-level Pixel Data (or Float or Double Float Pixel Data) is. */
export interface PixelDataInfo {
  readonly tag: string;
  readonly vr: string;
  readonly space: ByteSpace;
  /** First byte of the value; for encapsulated data the Basic Offset Table item. */
  readonly offset: number;
  /** Bytes that are there (a truncated file has fewer than announced); undefined when the length is undefined. */
  readonly length: number | undefined;
  readonly encapsulated: boolean;
  readonly bigEndian: boolean;
}

export const WARNING_CODES = [
  'MISSING_PREAMBLE',
  'MISSING_META',
  'MISSING_TRANSFER_SYNTAX',
  'UNKNOWN_TRANSFER_SYNTAX',
  'TRANSFER_SYNTAX_MISMATCH',
  'INVALID_VR',
  'INVALID_NUMBER',
  'UNCERTAIN_TEXT',
  'UNKNOWN_CHARACTER_SET',
  'ODD_LENGTH',
  'TAG_ORDER',
  'UNEXPECTED_DELIMITER',
  'UNEXPECTED_ITEM',
  'ITEM_LENGTH',
  'LENGTH_NOT_MULTIPLE',
  'TRAILING_BYTES',
  'PIXEL_DATA_TRUNCATED',
] as const;

export type WarningCode = (typeof WARNING_CODES)[number];

/** Something repaired or doubtful; `tag` is where it was first seen. Each code is reported once per tag and at most 100 in all. */
export interface ParseWarning {
  readonly code: WarningCode;
  readonly tag?: string;
}

/** What one Part 10 file says, without its large values. */
export interface ParsedInstance {
  readonly hasPreamble: boolean;
  readonly hasMeta: boolean;
  /** Group 0002 in DICOM JSON. */
  readonly fileMeta: DicomJsonObject;
  /** As the file says, or the uncompressed syntax that was recognised when it says none. */
  readonly transferSyntaxUid: string;
  /** First byte after group 0002. */
  readonly datasetOffset: number;
  readonly json: DicomJsonObject;
  readonly bulkData: readonly BulkDataRef[];
  readonly pixelData?: PixelDataInfo;
  readonly warnings: readonly ParseWarning[];
}

export interface ParseOptions {
  /** Binary values longer than this become bulk data; default 1024 bytes. */
  readonly bulkDataThresholdBytes?: number;
  /** Text and numbers longer than this become bulk data; default 65,536 bytes. */
  readonly textThresholdBytes?: number;
  /** Names a bulk value; default `bulk:<offset>:<length>[:be<word bytes>][:inflated]`. */
  readonly bulkDataUri?: (ref: BulkDataRef) => string;
  /** Sequences within sequences; default 64. */
  readonly maxDepth?: number;
  /** Data elements at any depth, with twice as many items and delimiters; default 1,000,000. */
  readonly maxElements?: number;
  /** Bytes of headers and of values that are kept in the JSON; default 134,217,728. */
  readonly maxHeaderBytes?: number;
  /** Whether what is no number in an IS or DS stays text: of keys, where nothing at all would match everything. Default false. */
  readonly keepsText?: boolean;
  /** Bytes of one request; default 65,536. */
  readonly windowBytes?: number;
}
