import type { PieceMemory } from './piece-memory.ts';

/**
 * A piece of which parts are sent, as the beginning of a file whose header is written anew: its memory is used again once all parts that were given were taken, and there will be no more. `taken` is for who sends.
 * What is broken off is left to be collected.
 */
export function sharedPiece(
  memory: Pick<PieceMemory, 'giveBack'>,
  shared: Uint8Array,
  parts: AsyncGenerator<Buffer>,
): { readonly parts: AsyncGenerator<Buffer>; readonly taken: (piece: Uint8Array) => void } {
  let out = 0;
  let isEnded = false;
  const settle = (): void => {
    if (isEnded && out === 0) memory.giveBack(shared);
  };
  async function* counted(): AsyncGenerator<Buffer> {
    for await (const part of parts) {
      if (part.buffer === shared.buffer) out += 1;
      yield part;
    }
    isEnded = true;
    settle();
  }
  return {
    parts: counted(),
    taken: (piece) => {
      if (piece.buffer !== shared.buffer) memory.giveBack(piece);
      else {
        out -= 1;
        settle();
      }
    },
  };
}
