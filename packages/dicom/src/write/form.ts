import { isText } from '../even.ts';
import type { DicomJsonElement, DicomJsonObject } from '../types.ts';
import { element, isWritten, UTF8 } from './dataset.ts';
import { FileSink, type TextHead, textHead } from './sink.ts';
import { textOfValues } from './text-bytes.ts';

const NO_BULK = { bulk: () => undefined };

/** An attribute of a form: what is written of it each time. */
interface Place {
  readonly tag: string;
  readonly otherwise: DicomJsonElement;
  /** What is the same in each and stands before it: elements, and for values of text of its VR its own header, in the end. */
  readonly before: Uint8Array;
  /** How its text is written; undefined where it is none. */
  readonly text: TextHead | undefined;
}

/** Datasets as messages carry them (PS3.7 6.3), many one after the other in one memory: one for each costs more than what is in it. */
export class DatasetRun {
  readonly #sink: FileSink;

  constructor({ isExplicit }: { readonly isExplicit: boolean }, bytes = 65_536) {
    this.#sink = new FileSink(isExplicit, bytes);
  }

  get length(): number {
    return this.#sink.length;
  }

  /** What was put so far: a view, which what is put later may leave behind. */
  get bytes(): Uint8Array {
    return this.#sink.view(0);
  }

  /** Takes a copy, behind what is there or at its place. */
  put(bytes: Uint8Array, at = this.#sink.length): void {
    this.#sink.putAt(bytes, at);
  }

  /** Takes away what stands behind a place, and gives it. */
  cut(from: number): Uint8Array {
    const bytes = this.#sink.view(from).slice();
    this.#sink.cut(from);
    return bytes;
  }

  /** Writes one by its form. Fails with DatasetWriteError. */
  write(form: DatasetForm, json: DicomJsonObject): void {
    form.write(this.#sink, json);
  }
}

/** What many datasets have in common: the same attributes each time, some of them with the same values. */
export class DatasetForm {
  readonly isExplicit: boolean;
  readonly #places: readonly Place[];
  /** What is the same in each, behind the last of the places. */
  readonly #end: Uint8Array;

  /** `variable` may be another in each, and is what is given where one has none; `fixed` and the character set (UTF-8) are the same in all. */
  constructor(variable: DicomJsonObject, fixed: DicomJsonObject, { isExplicit }: { readonly isExplicit: boolean }) {
    this.isExplicit = isExplicit;
    const same: DicomJsonObject = { ...fixed, '00080005': UTF8 };
    const all = { ...variable, ...same };
    const places: Place[] = [];
    let before = new FileSink(isExplicit);
    for (const tag of Object.keys(all).filter(isWritten).sort()) {
      const otherwise = all[tag] ?? { vr: 'UN' };
      if (same[tag] !== undefined) {
        element(before, tag, otherwise, NO_BULK, 0);
        continue;
      }
      const text = isText(otherwise.vr) ? textHead(otherwise.vr, isExplicit) : undefined;
      if (text !== undefined) before.header(tag, otherwise.vr, 0);
      places.push({ tag, otherwise, before: before.view(0).slice(), text });
      before = new FileSink(isExplicit);
    }
    this.#places = places;
    this.#end = before.view(0).slice();
  }

  write(sink: FileSink, json: DicomJsonObject): void {
    for (const { tag, otherwise, before, text } of this.#places) {
      const value = json[tag] ?? otherwise;
      sink.put(before);
      if (text === undefined) element(sink, tag, value, NO_BULK, 0);
      else if (value.vr === otherwise.vr && value.InlineBinary === undefined && value.BulkDataURI === undefined)
        sink.putText(text, textOfValues(value));
      else {
        sink.cut(sink.length - text.bytes);
        element(sink, tag, value, NO_BULK, 0);
      }
    }
    sink.put(this.#end);
  }
}
