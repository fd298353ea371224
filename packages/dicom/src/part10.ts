import { ByteWindow, DEFAULT_WINDOW_BYTES } from './byte-window.ts';
import { type DatasetLimits, DatasetReader } from './dataset-reader.ts';
import { DicomError } from './errors.ts';
import { type ByteReader, findStart } from './part10-start.ts';
import { decideSyntax, type Syntax } from './part10-syntax.ts';
import { ReadLog } from './read-log.ts';
import type { DicomJsonObject, ParsedInstance, ParseOptions } from './types.ts';

export const DEFAULT_LIMITS: DatasetLimits = {
  bulkDataThresholdBytes: 1024,
  textThresholdBytes: 65_536,
  maxDepth: 64,
  maxElements: 1_000_000,
  maxHeaderBytes: 134_217_728,
  keepsText: false,
};

/**
 * Reads a DICOM file (PS3.10 section 7) up to its Pixel Data, asking for 64 KiB first and then only for what it needs: large values are
 * skipped by arithmetic. `sizeBytes` is the size of the file. A deflated dataset is asked for in the space `inflated`.
 * Fails with EMPTY_FILE, NOT_DICOM, TRUNCATED, BAD_LENGTH, BAD_STRUCTURE, NESTING_TOO_DEEP, ELEMENT_LIMIT, HEADER_TOO_LARGE,
 * UNSUPPORTED_TRANSFER_SYNTAX. Recovers, with a warning, from a missing preamble, file meta information or transfer syntax.
 * Source: PS3.10 7.1, PS3.5 7 and annex A. Not handled: elements after Pixel Data, and the values of Pixel Data itself (see `frameLocator`).
 */
export function* part10Reader(sizeBytes: number, options: ParseOptions = {}): ByteReader<ParsedInstance> {
  const opened = yield* openDataset(sizeBytes, options);
  const { window, syntax, limits, log, meta } = opened;
  const reader = new DatasetReader(window, { encoding: syntax.encoding, limits, log });
  try {
    yield* drive(reader, window);
  } catch (error) {
    throw error instanceof DicomError ? new DicomError(error.code, error.details, { ...meta, ...reader.json }) : error;
  }
  return {
    hasPreamble: opened.hasPreamble,
    hasMeta: opened.hasMeta,
    fileMeta: meta,
    transferSyntaxUid: syntax.uid,
    datasetOffset: opened.datasetOffset,
    json: reader.json,
    bulkData: log.bulkData,
    ...(reader.pixelData === undefined ? {} : { pixelData: reader.pixelData }),
    warnings: log.warnings,
  };
}

/** A file read up to the first byte of its dataset. */
export interface OpenDataset {
  /** Stands at the dataset; of the space `inflated` when that is deflated. */
  readonly window: ByteWindow;
  readonly syntax: Syntax;
  readonly limits: DatasetLimits;
  readonly log: ReadLog;
  readonly meta: DicomJsonObject;
  readonly hasPreamble: boolean;
  readonly hasMeta: boolean;
  /** First byte of group 0002, or of the dataset when there is none. */
  readonly metaOffset: number;
  /** First byte of the file after group 0002. */
  readonly datasetOffset: number;
}

/** Reads preamble and file meta information and decides the transfer syntax. Fails and recovers as `part10Reader` says. */
export function* openDataset(sizeBytes: number, options: ParseOptions): ByteReader<OpenDataset> {
  if (sizeBytes === 0) throw new DicomError('EMPTY_FILE');
  const limits: DatasetLimits = { ...DEFAULT_LIMITS, ...definedOnly(options) };
  const log = new ReadLog(options.bulkDataUri);
  const file = openWindow(sizeBytes, options);
  const start = yield* findStart(file);
  if (!start.hasPreamble) log.warn('MISSING_PREAMBLE');
  const meta = yield* readMeta(file, start.offset, limits);
  const hasMeta = Object.keys(meta).length > 0;
  if (!hasMeta) log.warn('MISSING_META');
  const datasetOffset = file.pos;
  const syntax = yield* decideSyntax(file, { meta, log, isPart10: start.hasPreamble || hasMeta });
  let window = file;
  if (syntax.isDeflated) {
    log.space = 'inflated';
    window = openWindow(undefined, options, datasetOffset);
  }
  return { window, syntax, limits, log, meta, hasPreamble: start.hasPreamble, hasMeta, metaOffset: start.offset, datasetOffset };
}

/** The first byte of a file's dataset, behind preamble and file meta information. Fails and recovers as `part10Reader` does. */
export function* datasetOffsetReader(sizeBytes: number, options: ParseOptions = {}): ByteReader<number> {
  return (yield* openDataset(sizeBytes, options)).datasetOffset;
}

function definedOnly(options: ParseOptions): Partial<DatasetLimits> {
  return Object.fromEntries(Object.entries(options).filter(([key, value]) => key in DEFAULT_LIMITS && value !== undefined));
}

function openWindow(size: number | undefined, options: ParseOptions, inflateFrom?: number): ByteWindow {
  return new ByteWindow(inflateFrom === undefined ? 'file' : 'inflated', size, {
    windowBytes: options.windowBytes ?? DEFAULT_WINDOW_BYTES,
    ...(inflateFrom === undefined ? {} : { inflateFrom }),
  });
}

/** Answers what a dataset reader asks for until it ends. */
export function* drive(reader: DatasetReader, window: ByteWindow): ByteReader<void> {
  for (let request = reader.run(); request !== undefined; request = reader.run()) {
    window.supply(request, yield request);
  }
}

/** Reads group 0002 by its tags: its group length is not to be trusted. Leaves the position at the dataset. */
function* readMeta(file: ByteWindow, offset: number, limits: DatasetLimits): ByteReader<DicomJsonObject> {
  file.pos = offset;
  const head = yield* file.peek(8);
  if (head.length < 8) throw new DicomError(offset === 0 ? 'NOT_DICOM' : 'TRUNCATED', { offset });
  if (head[0] !== 2 || head[1] !== 0) return {};
  const isExplicit = (head[4] ?? 0) >= 0x41;
  const reader = new DatasetReader(file, {
    encoding: { isExplicit, littleEndian: true },
    limits,
    log: new ReadLog(undefined),
    onlyGroup: 2,
  });
  yield* drive(reader, file);
  return reader.json;
}
