import { isText } from '../even.ts';
import type { DicomJsonElement, DicomJsonObject } from '../types.ts';
import { element, isWritten, UTF8 } from './dataset.ts';
import { FileSink } from './sink.ts';
import { textOfValues } from './text-bytes.ts';

const NO_BULK = { bulk: () => undefined };

/** An attribute of a form: what is written of it each time. */
interface Place {
  readonly tag: string;
  readonly otherwise: DicomJsonElement;
  /** The whole element, where it is the same in each. */
  readonly fixed: Uint8Array | undefined;
  /** Its header, for values of text of that VR. */
  readonly head: Uint8Array | undefined;
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

  /** `variable` may be another in each, and is what is given where one has none; `fixed` and the character set (UTF-8) are the same in all. */
  constructor(variable: DicomJsonObject, fixed: DicomJsonObject, { isExplicit }: { readonly isExplicit: boolean }) {
    this.isExplicit = isExplicit;
    const same: DicomJsonObject = { ...fixed, '00080005': UTF8 };
    const all = { ...variable, ...same };
    this.#places = Object.keys(all)
      .filter(isWritten)
      .sort()
      .map((tag) => {
        const otherwise = all[tag] ?? { vr: 'UN' };
        const isFixed = same[tag] !== undefined;
        return {
          tag,
          otherwise,
          fixed: isFixed ? this.#whole(tag, otherwise) : undefined,
          head: this.#headOf(tag, otherwise.vr),
        };
      });
  }

  write(sink: FileSink, json: DicomJsonObject): void {
    for (const { tag, otherwise, fixed, head } of this.#places) {
      if (fixed !== undefined) {
        sink.put(fixed);
        continue;
      }
      const value = json[tag] ?? otherwise;
      if (head === undefined || value.vr !== otherwise.vr || value.InlineBinary !== undefined || value.BulkDataURI !== undefined)
        element(sink, tag, value, NO_BULK, 0);
      else sink.putText(head, value.vr, textOfValues(value));
    }
  }

  #whole(tag: string, value: DicomJsonElement): Uint8Array {
    const sink = new FileSink(this.isExplicit);
    element(sink, tag, value, NO_BULK, 0);
    return sink.view(0).slice();
  }

  #headOf(tag: string, vr: string): Uint8Array | undefined {
    if (!isText(vr)) return undefined;
    const sink = new FileSink(this.isExplicit);
    sink.header(tag, vr, 0);
    return sink.view(0).slice();
  }
}
