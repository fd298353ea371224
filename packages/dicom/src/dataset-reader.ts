import { type ByteWindow, END, MORE, READY } from './byte-window.ts';
import type { Charset } from './charset-terms.ts';
import type { DatasetSink } from './dataset-sink.ts';
import { ElementBudget } from './element-budget.ts';
import { ElementHeader, UNDEFINED_LENGTH } from './element-header.ts';
import { DicomError, type DicomErrorCode } from './errors.ts';
import type { Encoding, Level } from './level.ts';
import { noteValue } from './level-notes.ts';
import { ITEM, ITEM_DELIMITER, LevelStack, SEQUENCE_DELIMITER } from './level-stack.ts';
import { emptyElement } from './raw-value.ts';
import type { ReadLog } from './read-log.ts';
import type { ByteRequest, DicomJsonElement, DicomJsonObject, PixelDataInfo, WarningCode } from './types.ts';
import { readElement } from './values.ts';
import { isVrShaped } from './vr.ts';

const TRAILING_PADDING = 0xfffcfffc;
const PIXEL_DATA = new Set([0x7fe00010, 0x7fe00008, 0x7fe00009]);

const DONE = 3;
type Outcome = typeof READY | typeof MORE | typeof DONE;

export interface DatasetLimits {
  readonly bulkDataThresholdBytes: number;
  readonly textThresholdBytes: number;
  readonly maxDepth: number;
  readonly maxElements: number;
  readonly maxHeaderBytes: number;
  readonly keepsText: boolean;
}

/**
 * Reads one dataset, element by element, without recursion: nesting is a linked list of levels. Each step consumes at least one byte or
 * closes a level, so that no input makes it run forever. `run` answers with the bytes it misses, or undefined at the end of the dataset.
 */
export class DatasetReader {
  readonly json: DicomJsonObject;
  pixelData: PixelDataInfo | undefined;
  readonly log: ReadLog;
  readonly #window: ByteWindow;
  readonly #limits: DatasetLimits;
  readonly #header = new ElementHeader();
  readonly #onlyGroup: number | undefined;
  readonly #above: number | undefined;
  readonly #levels: LevelStack;
  readonly #budget: ElementBudget;
  #keptBytes = 0;
  /** A skipped value whose last byte must exist; only where the size of the space is unknown. */
  #unproven: { lastByte: number; isPixelData: boolean } | undefined;
  readonly #doubt: (code: WarningCode) => void;
  readonly #onTopLevel: ((header: ElementHeader, offset: number) => void) | undefined;
  readonly #sink: DatasetSink | undefined;

  /**
   * `onTopLevel` is told of each element of the outermost dataset, group lengths and Pixel Data too; sometimes more than once. With `above` the
   * dataset ends before the first tag that is not greater, and before Data Set Trailing Padding.
   */
  constructor(
    window: ByteWindow,
    options: {
      encoding: Encoding;
      limits: DatasetLimits;
      log: ReadLog;
      onlyGroup?: number;
      above?: number;
      charset?: Charset;
      onTopLevel?: (header: ElementHeader, offset: number) => void;
      sink?: DatasetSink;
    },
  ) {
    this.#window = window;
    this.#onTopLevel = options.onTopLevel;
    this.#limits = options.limits;
    this.#budget = new ElementBudget(options.limits.maxElements);
    this.log = options.log;
    this.#onlyGroup = options.onlyGroup;
    this.#above = options.above;
    const { encoding, log, sink, charset } = options;
    this.#sink = sink;
    this.#levels = new LevelStack(window, { encoding, log, maxDepth: options.limits.maxDepth, sink, charset });
    this.json = this.#levels.current.json;
    this.#doubt = (code) => this.log.warn(code, this.#header.key);
  }

  /**
   * Goes on until bytes are missing or the dataset ends. Fails with TRUNCATED, BAD_LENGTH, BAD_STRUCTURE, NESTING_TOO_DEEP, ELEMENT_LIMIT,
   * HEADER_TOO_LARGE.
   */
  run(): ByteRequest | undefined {
    for (;;) {
      const outcome = this.#step();
      if (outcome === MORE) return this.#window.request();
      if (outcome === DONE) return undefined;
    }
  }

  #step(): Outcome {
    if (this.#unproven !== undefined) return this.#prove(this.#unproven);
    const level = this.#levels.current;
    const window = this.#window;
    if (window.pos >= level.end) {
      this.#levels.closeAtEnd();
      return READY;
    }
    const status = window.status(8);
    if (status === MORE) return MORE;
    if (status === END) return this.#endOfSpace(level);
    if (window.pos + 8 > level.end) throw this.#error('BAD_LENGTH');
    const at = window.index;
    const tag = window.view.getUint16(at, level.littleEndian) * 65_536 + window.view.getUint16(at + 2, level.littleEndian);
    if (level.kind === 'dataset' && this.#isOver(tag)) return DONE;
    if (tag >>> 16 === 0xfffe) {
      if (!this.#budget.takesMark()) throw this.#error('ELEMENT_LIMIT');
      return this.#delimiter(level, tag, window.view.getUint32(at + 4, level.littleEndian));
    }
    if (level.kind === 'sequence' || level.kind === 'fragments') throw this.#error('BAD_STRUCTURE');
    if (!this.#budget.takesElement(level)) throw this.#error('ELEMENT_LIMIT');
    return this.#element(level, tag);
  }

  #isOver(tag: number): boolean {
    if (this.#onlyGroup !== undefined) return tag >>> 16 !== this.#onlyGroup;
    return this.#above !== undefined && (tag <= this.#above || tag === TRAILING_PADDING);
  }

  #error(code: DicomErrorCode): DicomError {
    return new DicomError(code, { space: this.#window.space, offset: this.#window.pos });
  }

  #endOfSpace(level: Level): Outcome {
    const { pos, end } = this.#window;
    if (level.kind !== 'dataset' || (end !== undefined && pos > end)) throw this.#error('TRUNCATED');
    if (pos !== end) this.log.warn('TRAILING_BYTES');
    return DONE;
  }

  #delimiter(level: Level, tag: number, length: number): Outcome {
    const window = this.#window;
    const start = window.pos + 8;
    if (tag === ITEM && level.kind === 'sequence') {
      this.#levels.openItem(level, start, length);
      return READY;
    }
    if (tag === ITEM && level.kind === 'fragments') {
      if (length === UNDEFINED_LENGTH || start + length > level.end) throw this.#error('BAD_LENGTH');
      return this.#skip(start, length, false);
    }
    if (tag === ITEM) {
      // An item without a sequence: its attributes belong to nothing that is named, so they are left out.
      if (length === UNDEFINED_LENGTH) throw this.#error('BAD_STRUCTURE');
      if (start + length > level.end) throw this.#error('BAD_LENGTH');
      this.log.warn('UNEXPECTED_ITEM');
      return this.#skip(start, length, false);
    }
    window.pos = start;
    if (tag !== ITEM_DELIMITER && tag !== SEQUENCE_DELIMITER) throw this.#error('BAD_STRUCTURE');
    if (length !== 0) this.log.warn('UNEXPECTED_DELIMITER');
    this.#levels.closeByDelimiter(tag);
    return READY;
  }

  #element(level: Level, tag: number): Outcome {
    const header = this.#header;
    const window = this.#window;
    const status = header.read(window, level, tag);
    if (status === MORE) return MORE;
    if (status === END) throw this.#error('TRUNCATED');
    if (header.warning !== undefined) this.log.warn(header.warning, header.key);
    const start = window.pos + header.headerBytes;
    if (level.kind === 'dataset') this.#onTopLevel?.(header, window.pos);
    if (level.kind === 'dataset' && PIXEL_DATA.has(tag) && this.#onlyGroup === undefined) return this.#finish(level, start);
    if (header.length === UNDEFINED_LENGTH) return this.#undefinedLength(level, start);
    if (start + header.length > level.end) throw this.#error('BAD_LENGTH');
    if (window.end !== undefined && start + header.length > window.end) throw this.#error('TRUNCATED');
    if (header.vr.kind === 'sequence') return this.#definedSequence(level, start);
    const isGroupLength = (tag & 0xffff) === 0 || (tag >>> 16 === 2 && this.#onlyGroup === undefined);
    if (isGroupLength) return this.#skip(start, header.length, false);
    const isBinary = header.vr.kind === 'binary';
    if (header.length > (isBinary ? this.#limits.bulkDataThresholdBytes : this.#limits.textThresholdBytes)) {
      const ref = { key: header.key, vr: header.vr.name, wordBytes: header.vr.wordBytes, offset: start, length: header.length };
      this.#put(level, this.log.bulk(level, ref, false));
      this.#sink?.value(header, level, start, undefined);
      return this.#skip(start, header.length, false);
    }
    return this.#value(level, start);
  }

  #value(level: Level, start: number): Outcome {
    const header = this.#header;
    const window = this.#window;
    const status = window.status(header.headerBytes + header.length);
    if (status === MORE) return MORE;
    if (status === END) throw this.#error('TRUNCATED');
    this.#keptBytes += header.headerBytes + header.length;
    if (this.#keptBytes > this.#limits.maxHeaderBytes) throw this.#error('HEADER_TOO_LARGE');
    const at = window.index + header.headerBytes;
    const { littleEndian, charset } = level;
    const { bytes, view } = window;
    const { keepsText } = this.#limits;
    const raw = { bytes, view, start: at, end: at + header.length, littleEndian, charset, keepsText };
    const element = readElement(header.vr, raw, this.#doubt);
    this.#put(level, element);
    noteValue(level, header, element, this.log);
    this.#sink?.value(header, level, start, window.bytes.subarray(at, at + header.length));
    window.pos = start + header.length;
    return READY;
  }

  #put(level: Level, element: DicomJsonElement): void {
    const header = this.#header;
    if (header.tag <= level.lastTag) this.log.warn('TAG_ORDER', header.key);
    if ((header.length & 1) === 1 && header.length !== UNDEFINED_LENGTH) this.log.warn('ODD_LENGTH', header.key);
    level.lastTag = header.tag;
    level.json[header.key] = element;
  }

  #definedSequence(level: Level, start: number): Outcome {
    const header = this.#header;
    if (header.length === 0) {
      this.#put(level, emptyElement('SQ'));
      this.#sink?.value(header, level, start, new Uint8Array(0));
      this.#window.pos = start;
      return READY;
    }
    let encoding: Encoding = level;
    if (header.wasUnknown) {
      const status = this.#window.status(header.headerBytes + Math.min(header.length, 16));
      if (status === MORE) return MORE;
      encoding = this.#encodingOfUnknown(level);
    }
    this.#put(level, emptyElement('SQ'));
    this.#levels.openSequence(header, start, encoding);
    return READY;
  }

  /** A sequence sent as UN keeps the encoding it came in, which is mostly Implicit VR Little Endian (PS3.5 6.2.2): the first element tells. */
  #encodingOfUnknown(level: Level): Encoding {
    const { view, index } = this.#window;
    const { headerBytes, length } = this.#header;
    const isExplicit = length >= 16 && isVrShaped(view.getUint16(index + headerBytes + 12, false));
    return isExplicit ? level : { isExplicit: false, littleEndian: true };
  }

  #undefinedLength(level: Level, start: number): Outcome {
    const header = this.#header;
    const { name, kind } = header.vr;
    const isSequence = header.wasUnknown || kind === 'sequence' || name === 'UN';
    if (!isSequence && kind !== 'binary') throw this.#error('BAD_LENGTH');
    this.#put(level, emptyElement(isSequence ? 'SQ' : name));
    if (!isSequence) {
      this.#levels.openFragments(header, start);
    } else {
      // UN of undefined length is a sequence in Implicit VR Little Endian whatever the transfer syntax (PS3.5 6.2.2).
      this.#levels.openSequence(header, start, header.wasUnknown ? { isExplicit: false, littleEndian: true } : level);
    }
    return READY;
  }

  #skip(start: number, length: number, isPixelData: boolean): Outcome {
    const window = this.#window;
    if (window.end === undefined && length > 0) this.#unproven = { lastByte: start + length - 1, isPixelData };
    else if (window.end !== undefined && start + length > window.end) throw this.#error('TRUNCATED');
    window.pos = start + length;
    return READY;
  }

  #prove(unproven: { lastByte: number; isPixelData: boolean }): Outcome {
    const window = this.#window;
    window.pos = unproven.lastByte;
    const status = window.status(1);
    if (status === MORE) return MORE;
    if (status === END && !unproven.isPixelData) throw this.#error('TRUNCATED');
    if (status === END) this.log.warn('PIXEL_DATA_TRUNCATED');
    window.pos += 1;
    this.#unproven = undefined;
    return unproven.isPixelData ? DONE : READY;
  }

  #finish(level: Level, start: number): Outcome {
    const { vr, key, length: announced } = this.#header;
    const window = this.#window;
    const encapsulated = announced === UNDEFINED_LENGTH;
    let length: number | undefined = encapsulated ? undefined : announced;
    if (length !== undefined && window.end !== undefined && start + length > window.end) {
      this.log.warn('PIXEL_DATA_TRUNCATED', key);
      length = Math.max(0, window.end - start);
    }
    const wordBytes = encapsulated ? 1 : vr.wordBytes;
    const ref = { key, vr: vr.name, wordBytes, offset: start, length };
    level.json[key] = length === 0 ? emptyElement(vr.name) : this.log.bulk(level, ref, encapsulated);
    const bigEndian = !level.littleEndian && !encapsulated;
    this.pixelData = { tag: key, vr: vr.name, space: window.space, offset: start, length, encapsulated, bigEndian };
    if (length === undefined || window.end !== undefined || length === 0) return DONE;
    this.#unproven = { lastByte: start + length - 1, isPixelData: true };
    return READY;
  }
}
