import type { Level } from './level.ts';
import type { BulkDataRef, ByteSpace, DicomJsonElement, ParseWarning, WarningCode } from './types.ts';

const MAX_WARNINGS = 100;

/** `bulk:<offset>:<length>`, then `:be<word bytes>` for big-endian words and `:inflated` for that space; an undefined length is empty. */
const defaultUri = (ref: BulkDataRef): string =>
  `bulk:${ref.offset}:${ref.length ?? ''}${ref.bigEndian && ref.wordBytes > 1 ? `:be${ref.wordBytes}` : ''}${ref.space === 'inflated' ? ':inflated' : ''}`;

/** Collects what a read notices: warnings (each once per tag) and values left in place. */
export class ReadLog {
  readonly warnings: ParseWarning[] = [];
  readonly bulkData: BulkDataRef[] = [];
  readonly #seen = new Set<string>();
  readonly #uriOf: (ref: BulkDataRef) => string;
  space: ByteSpace = 'file';

  constructor(uriOf: ((ref: BulkDataRef) => string) | undefined) {
    this.#uriOf = uriOf ?? defaultUri;
  }

  warn(code: WarningCode, tag?: string): void {
    if (this.warnings.length >= MAX_WARNINGS) return;
    const key = `${code}${tag ?? ''}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.warnings.push(tag === undefined || tag === '' ? { code } : { code, tag });
  }

  /** Notes a value left in the file and gives the element that stands for it. */
  bulk(
    level: Level,
    value: { key: string; vr: string; wordBytes: number; offset: number; length: number | undefined },
    encapsulated: boolean,
  ): DicomJsonElement {
    const { key, vr, wordBytes, offset, length } = value;
    const bigEndian = !level.littleEndian && !encapsulated;
    const path = level.path(key);
    const ref: BulkDataRef = { path, tag: key, vr, space: this.space, offset, length, bigEndian, wordBytes, encapsulated };
    this.bulkData.push(ref);
    return { vr, BulkDataURI: this.#uriOf(ref) };
  }
}
