/** Bytes that are there as a whole, for who takes them piece by piece. */
export async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
