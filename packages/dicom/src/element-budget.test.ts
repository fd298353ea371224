import { smallDataset, TransferSyntax, writePart10 } from '@negatoscope/testkit';
import { describe, expect, it } from 'vitest';
import { parsePart10 } from './index.ts';

/** Empty private elements, one after the other. */
function empties(count: number): Uint8Array {
  const bytes = new Uint8Array(8 * count);
  const view = new DataView(bytes.buffer);
  for (let index = 0; index < count; index += 1) {
    view.setUint16(8 * index, 0x0111 + 2 * Math.floor(index / 60_000), true);
    view.setUint16(8 * index + 2, 0x1000 + (index % 60_000), true);
    bytes.set([0x4c, 0x4f, 0, 0], 8 * index + 4);
  }
  return bytes;
}

/** A sequence of items that hold the same elements. */
function inItems(items: number, width: number): Uint8Array {
  const content = empties(width);
  const bytes = new Uint8Array(12 + items * (8 + content.length));
  const view = new DataView(bytes.buffer);
  bytes.set([0x11, 0x01, 0x00, 0x10, 0x53, 0x51, 0, 0]);
  view.setUint32(8, items * (8 + content.length), true);
  for (let item = 0, at = 12; item < items; item += 1, at += 8 + content.length) {
    view.setUint32(at, 0xe000fffe, true);
    view.setUint32(at + 4, content.length, true);
    bytes.set(content, at + 8);
  }
  return bytes;
}

function file(tail: Uint8Array): Uint8Array {
  const head = writePart10(
    { ...smallDataset('wide'), PixelData: undefined },
    { transferSyntaxUid: TransferSyntax.explicitVrLittleEndian },
  );
  return new Uint8Array([...head, ...tail]);
}

describe('elements side by side', () => {
  it('are 200,000 at most beyond the 250th of a dataset', { timeout: 60_000 }, () => {
    expect(() => parsePart10(file(empties(200_300)))).toThrowError(expect.objectContaining({ code: 'ELEMENT_LIMIT' }));
    expect(Object.keys(parsePart10(file(empties(100_000))).json).length).toBeGreaterThan(100_000);
  });

  it('are as many as a file may have in items of 250, and count as wide in larger ones', { timeout: 60_000 }, () => {
    expect(parsePart10(file(inItems(1000, 250))).json['01111000']?.Value).toHaveLength(1000);
    expect(() => parsePart10(file(inItems(1000, 451)))).toThrowError(expect.objectContaining({ code: 'ELEMENT_LIMIT' }));
  });
});
