import { UNDEFINED_LENGTH } from '../element-header.ts';
import { ITEM, ITEM_DELIMITER, SEQUENCE_DELIMITER } from '../level-stack.ts';
import { vrByCode, vrCode } from '../vr.ts';

const MAX_DEPTH = 16;
const SQ = vrCode('SQ');
const UN = vrCode('UN');

/** Steps over elements by their headers; one object for all of them. */
export class ElementScan {
  readonly #view: DataView;
  readonly #length: number;
  tag = 0;
  /** Two letters as a number; 0 where the encoding has none. */
  vr = 0;
  length = 0;
  valueAt = 0;

  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#length = bytes.length;
  }

  /** Reads the header at `at`; false at the end of what is in memory, and for a VR that the standard does not have. */
  header(at: number, isExplicit: boolean): boolean {
    const view = this.#view;
    if (at + 8 > this.#length) return false;
    this.tag = view.getUint16(at, true) * 65_536 + view.getUint16(at + 2, true);
    this.valueAt = at + 8;
    if (!isExplicit || this.tag >>> 16 === 0xfffe) {
      this.vr = 0;
      this.length = view.getUint32(at + 4, true);
      return true;
    }
    this.vr = view.getUint16(at + 4, false);
    const info = vrByCode(this.vr);
    if (info === undefined) return false;
    if (!info.isLong) {
      this.length = view.getUint16(at + 6, true);
      return true;
    }
    if (at + 12 > this.#length) return false;
    this.length = view.getUint32(at + 8, true);
    this.valueAt = at + 12;
    return true;
  }

  /** First byte after the element whose header was read, also where that is beyond what is in memory; undefined when it can't be told. */
  end(isExplicit: boolean, depth = 0): number | undefined {
    if (this.length !== UNDEFINED_LENGTH) return this.valueAt + this.length;
    if (isExplicit && this.vr !== SQ && this.vr !== UN) return undefined;
    // UN of undefined length is a sequence in Implicit VR Little Endian (PS3.5 6.2.2).
    return this.#sequenceEnd(this.valueAt, isExplicit && this.vr === SQ, depth);
  }

  #sequenceEnd(from: number, isExplicit: boolean, depth: number): number | undefined {
    if (depth > MAX_DEPTH) return undefined;
    for (let at: number | undefined = from; at !== undefined && this.header(at, isExplicit); ) {
      if (this.tag === SEQUENCE_DELIMITER) return this.length === 0 ? this.valueAt : undefined;
      if (this.tag !== ITEM) return undefined;
      at = this.length === UNDEFINED_LENGTH ? this.#itemEnd(this.valueAt, isExplicit, depth) : this.valueAt + this.length;
    }
    return undefined;
  }

  #itemEnd(from: number, isExplicit: boolean, depth: number): number | undefined {
    for (let at: number | undefined = from; at !== undefined && this.header(at, isExplicit); ) {
      if (this.tag === ITEM_DELIMITER) return this.length === 0 ? this.valueAt : undefined;
      if (this.tag >>> 16 === 0xfffe) return undefined;
      at = this.end(isExplicit, depth + 1);
    }
    return undefined;
  }
}
