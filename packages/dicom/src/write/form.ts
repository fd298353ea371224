import { isText } from '../even.ts';
import type { DicomJsonElement, DicomJsonObject } from '../types.ts';
import { element, isWritten, UTF8 } from './dataset.ts';
import { FileSink, type TextHead, textHead } from './sink.ts';
import { textOfValues } from './text-bytes.ts';

const NO_BULK = { bulk: () => undefined };

/** A value as the column of a table has it: text as it stands in a dataset (a name with its groups, PS3.5 6.2.1), a number, or several texts. */
export type ColumnValue = string | number | readonly string[] | null | undefined;

/** An attribute that is another in each of many datasets, and where its value is in what each of them tells. */
export interface Column<Row> {
  readonly vr: string;
  /** An element where the row has one as DICOM JSON, which may be of another VR. */
  readonly of: (row: Row) => ColumnValue | DicomJsonElement;
}

/** An attribute of a form: what is written of it each time. */
interface Place<Row> extends Column<Row> {
  readonly tag: string;
  /** What is the same in each and stands before it: elements, and for values of text of its VR its own header, in the end. */
  readonly before: Uint8Array;
  /** How its text is written; undefined where it is none. */
  readonly text: TextHead | undefined;
}

/** Datasets as messages carry them (PS3.7 6.3), many one after the other in one memory: one for each costs more than what is in it. */
export class DatasetRun {
  readonly #sink: FileSink;

  constructor({ isExplicit }: { readonly isExplicit: boolean }) {
    this.#sink = new FileSink(isExplicit);
  }

  get length(): number {
    return this.#sink.length;
  }

  /** What was put so far: a view, which what is put later may leave behind. */
  get bytes(): Uint8Array {
    return this.#sink.view(0);
  }

  /** Makes room for so many bytes more, where that is known. */
  reserve(bytes: number): void {
    this.#sink.room(bytes);
  }

  /** Takes a copy. */
  put(bytes: Uint8Array): void {
    this.#sink.put(bytes);
  }

  /** Says a number of 32 bits, big endian, in the place of what is there: a length of a PDU (PS3.8 9.3.1). */
  setBig32(place: number, value: number): void {
    this.#sink.setBig32(place, value);
  }

  /** Takes away what stands behind a place, and gives it. */
  cut(from: number): Uint8Array {
    const bytes = this.#sink.view(from).slice();
    this.#sink.cut(from);
    return bytes;
  }

  /** Writes one by its form. Fails with DatasetWriteError. */
  write<Row>(form: DatasetForm<Row>, row: Row): void {
    form.write(this.#sink, row);
  }
}

/** What many datasets have in common: the same attributes each time, some of them with the same values. */
export class DatasetForm<Row> {
  readonly isExplicit: boolean;
  readonly #places: readonly Place<Row>[];
  /** What is the same in each, behind the last of the places. */
  readonly #end: Uint8Array;

  /** `columns` are by their tags; `fixed`, of which none of them has an attribute, and the character set (UTF-8) are the same in all. */
  constructor(
    columns: ReadonlyMap<string, Column<Row>>,
    fixed: DicomJsonObject,
    { isExplicit }: { readonly isExplicit: boolean },
  ) {
    this.isExplicit = isExplicit;
    const same: DicomJsonObject = { ...fixed, '00080005': UTF8 };
    const places: Place<Row>[] = [];
    let before = new FileSink(isExplicit);
    for (const tag of [...new Set([...columns.keys(), ...Object.keys(same)])].filter(isWritten).sort()) {
      const [column, value] = [columns.get(tag), same[tag]];
      if (value !== undefined) element(before, tag, value, NO_BULK, 0);
      else if (column !== undefined) {
        const { vr, of } = column;
        const text = isText(vr) ? textHead(vr, isExplicit) : undefined;
        if (text !== undefined) before.header(tag, vr, 0);
        places.push({ tag, vr, of, before: before.view(0).slice(), text });
        before = new FileSink(isExplicit);
      }
    }
    this.#places = places;
    this.#end = before.view(0).slice();
  }

  write(sink: FileSink, row: Row): void {
    for (const place of this.#places) {
      const { text, before } = place;
      const value = place.of(row);
      sink.put(before);
      if (text !== undefined && typeof value === 'string') sink.putText(text, value);
      else if (text !== undefined && (value === null || value === undefined)) sink.putText(text, '');
      else writeOther(sink, place, value);
    }
    sink.put(this.#end);
  }
}

const isList = (value: ColumnValue | DicomJsonElement): value is readonly string[] => Array.isArray(value);

function elementOf(vr: string, value: ColumnValue | DicomJsonElement): DicomJsonElement {
  if (isList(value)) return { vr, Value: value };
  if (typeof value === 'object' && value !== null) return value;
  return value === undefined || value === null || value === '' ? { vr } : { vr, Value: [value] };
}

/** What is no single text, behind what stands before it. */
function writeOther<Row>(sink: FileSink, { tag, vr, text }: Place<Row>, value: ColumnValue | DicomJsonElement): void {
  const written = elementOf(vr, value);
  if (text === undefined) element(sink, tag, written, NO_BULK, 0);
  else if (written.vr === vr && written.InlineBinary === undefined && written.BulkDataURI === undefined)
    sink.putText(text, textOfValues(written));
  else {
    sink.cut(sink.length - text.bytes);
    element(sink, tag, written, NO_BULK, 0);
  }
}
