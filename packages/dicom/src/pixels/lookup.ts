/** A lookup table: Modality LUT (PS3.3 C.11.1), VOI LUT (C.11.2) or one colour of a palette (C.7.9.1). */
export interface LookupTable {
  /** Input that the first entry stands for; smaller inputs take it too, larger ones than the last entry's take the last. */
  readonly first: number;
  readonly values: ArrayLike<number>;
  /** Bits of an entry. */
  readonly bits: number;
}

/** The entry of an input, which is rounded down. */
export function lookUp(table: LookupTable, input: number): number {
  const at = Math.floor(input) - table.first;
  const last = table.values.length - 1;
  return table.values[Math.max(0, Math.min(at, last))] ?? 0;
}

/**
 * A table from its descriptor (PS3.3 C.11.1.1.1, C.7.6.3.1.5: number of entries where 0 means 65,536, first input, bits) and its data as little
 * endian bytes. Eight-bit entries may be packed two to a word. A first input of `isSigned` data is two's complement. Undefined when the data
 * are missing or the descriptor makes no sense.
 */
export function lookupTable(descriptor: readonly number[], data: Uint8Array, isSigned: boolean): LookupTable | undefined {
  const [announced = 0, start = 0, bits = 16] = descriptor;
  const entries = announced === 0 ? 65_536 : announced & 0xffff;
  if (data.length < entries) return undefined;
  const isPacked = data.length < entries * 2;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const values = new Uint16Array(entries);
  let largest = 0;
  for (let i = 0; i < entries; i += 1) {
    const value = isPacked ? (data[i] ?? 0) : view.getUint16(2 * i, true);
    values[i] = value;
    largest = Math.max(largest, value);
  }
  const first = isSigned && start > 32_767 ? start - 65_536 : start;
  // Writers that announce 8 bits with entries of 16, or 16 with entries of 8, are common; the entries decide.
  const stated = bits >= 1 && bits <= 16 ? bits : 16;
  return { first, values, bits: largest >= 2 ** stated ? 16 : isPacked ? Math.min(stated, 8) : stated };
}
