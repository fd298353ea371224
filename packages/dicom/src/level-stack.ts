import type { ByteWindow } from './byte-window.ts';
import { type Charset, DEFAULT_CHARSET } from './charset-terms.ts';
import type { DatasetSink } from './dataset-sink.ts';
import { type ElementHeader, UNDEFINED_LENGTH } from './element-header.ts';
import { DicomError } from './errors.ts';
import { type Encoding, Level } from './level.ts';
import { emptyElement } from './raw-value.ts';
import type { ReadLog } from './read-log.ts';

export const ITEM = 0xfffee000;
export const ITEM_DELIMITER = 0xfffee00d;
export const SEQUENCE_DELIMITER = 0xfffee0dd;

/** The sequences and items that are open while a dataset is read (PS3.5 7.5). Opening one moves the window to its content. */
export class LevelStack {
  /** The innermost open level. */
  current: Level;
  readonly #window: ByteWindow;
  readonly #log: ReadLog;
  readonly #maxDepth: number;
  readonly #sink: DatasetSink | undefined;

  constructor(
    window: ByteWindow,
    options: {
      encoding: Encoding;
      log: ReadLog;
      maxDepth: number;
      sink: DatasetSink | undefined;
      charset: Charset | undefined;
    },
  ) {
    this.#window = window;
    this.#log = options.log;
    this.#maxDepth = options.maxDepth;
    this.#sink = options.sink;
    const { encoding, charset = DEFAULT_CHARSET } = options;
    this.current = new Level('dataset', {
      tag: 0,
      key: '',
      start: window.pos,
      length: undefined,
      encoding,
      charset,
    });
  }

  openItem(sequence: Level, start: number, length: number): void {
    const isUndefined = length === UNDEFINED_LENGTH;
    // Writers that edit items and forget their lengths: the sequence's own length is the one to trust.
    const isTooLong = !isUndefined && start + length > sequence.end;
    if (isTooLong) this.#log.warn('ITEM_LENGTH', sequence.key);
    const item = new Level('item', {
      parent: sequence,
      tag: sequence.tag,
      key: sequence.key,
      start,
      length: isUndefined ? undefined : Math.min(length, sequence.end - start),
      encoding: sequence,
      charset: sequence.charset,
    });
    sequence.items.push(item.json);
    this.#enter(item);
  }

  /** Fails with NESTING_TOO_DEEP. */
  openSequence(header: ElementHeader, start: number, encoding: Encoding): void {
    const parent = this.current;
    if (parent.depth >= this.#maxDepth) {
      throw new DicomError('NESTING_TOO_DEEP', { space: this.#window.space, offset: this.#window.pos, limit: this.#maxDepth });
    }
    const { tag, key } = header;
    const length = header.length === UNDEFINED_LENGTH ? undefined : header.length;
    this.#enter(new Level('sequence', { parent, tag, key, start, length, encoding, charset: parent.charset }));
  }

  /** A binary value of undefined length: fragments as in PS3.5 A.4. */
  openFragments(header: ElementHeader, start: number): void {
    const parent = this.current;
    const { tag, key } = header;
    const fragments = new Level('fragments', {
      parent,
      tag,
      key,
      start,
      length: undefined,
      encoding: parent,
      charset: parent.charset,
    });
    fragments.vr = header.vr.name;
    this.#enter(fragments);
  }

  /** Closes the current level where its length, or that of what holds it, says that it ends. */
  closeAtEnd(): void {
    const level = this.current;
    if (!level.hasLength) this.#log.warn('UNEXPECTED_DELIMITER', level.key); // Its delimiter is missing.
    this.#close(level, false);
  }

  /** Closes what a delimiter closes; one that closes nothing is only noted. */
  closeByDelimiter(tag: number): void {
    const level = this.current;
    const closes = tag === ITEM_DELIMITER ? level.kind === 'item' : level.kind === 'sequence' || level.kind === 'fragments';
    if (closes && !level.hasLength) {
      this.#close(level);
      return;
    }
    this.#log.warn('UNEXPECTED_DELIMITER', level.key);
    const sequence = level.parent;
    const isOpenItem = level.kind === 'item' && !level.hasLength;
    if (tag === SEQUENCE_DELIMITER && isOpenItem && sequence !== undefined && !sequence.hasLength) {
      this.#close(level); // The item's own delimiter is missing.
      this.#close(sequence);
    }
  }

  #enter(level: Level): void {
    this.current = level;
    this.#window.pos = level.start;
    this.#sink?.open(level);
  }

  #close(level: Level, isDelimited = true): void {
    const parent = level.parent;
    if (parent === undefined) throw new DicomError('BAD_STRUCTURE', { space: this.#window.space, offset: this.#window.pos });
    this.current = parent;
    this.#sink?.close(level, this.#window.pos, isDelimited);
    if (level.kind === 'sequence') {
      parent.json[level.key] = level.items.length === 0 ? emptyElement('SQ') : { vr: 'SQ', Value: level.items };
    } else if (level.kind === 'fragments') {
      const length = this.#window.pos - level.start;
      const value = { key: level.key, vr: level.vr, wordBytes: 1, offset: level.start, length };
      parent.json[level.key] = this.#log.bulk(parent, value, true);
    }
  }
}
