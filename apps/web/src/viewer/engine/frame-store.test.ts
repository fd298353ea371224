import type { DecodedFrame } from '@negatoscope/dicom';
import { afterEach, describe, expect, it } from 'vitest';
import { frameStore } from './frame-store.ts';

const frame = (value: number): DecodedFrame => ({
  rows: 1,
  columns: 1,
  samplesPerPixel: 1,
  bitsAllocated: 8,
  bitsStored: 8,
  highBit: 7,
  pixelRepresentation: 0,
  photometricInterpretation: 'MONOCHROME2',
  planarConfiguration: 0,
  isFloat: false,
  pixels: Uint8Array.of(value),
});

describe('the store of frames', () => {
  afterEach(() => frameStore.remove('one'));

  it('tells a preview from the frame, which takes its place and is not replaced by one that comes late', () => {
    const [preview, whole] = [frame(1), frame(2)];
    frameStore.putPreview('one', preview);
    expect([frameStore.get('one'), frameStore.has('one'), frameStore.isWhole('one')]).toEqual([preview, true, false]);
    frameStore.put('one', whole);
    frameStore.putPreview('one', preview);
    expect([frameStore.get('one'), frameStore.isWhole('one')]).toEqual([whole, true]);
  });

  it('says when something better is here, and no more to who has stopped listening', () => {
    const heard: string[] = [];
    const stop = frameStore.subscribe((imageId) => heard.push(`${imageId} ${frameStore.isWhole(imageId)}`));
    frameStore.putPreview('one', frame(1));
    frameStore.put('one', frame(2));
    frameStore.putPreview('one', frame(1));
    stop();
    frameStore.put('one', frame(3));
    expect(heard).toEqual(['one false', 'one true']);
  });
});
