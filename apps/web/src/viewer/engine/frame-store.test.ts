import type { DecodedFrame } from '@negatoscope/dicom';
import { afterEach, describe, expect, it } from 'vitest';
import { FrameStore, frameStore } from './frame-store.ts';

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

describe('a store that is full', () => {
  const one = (value: number): DecodedFrame => ({ ...frame(value), pixels: new Uint8Array(10) });

  it('lets go of what was used longest ago, says so, and counts what is left', () => {
    const store = new FrameStore(30);
    const heard: string[] = [];
    for (const id of ['a', 'b', 'c']) store.put(id, one(1));
    store.get('a');
    store.subscribe((id) => heard.push(`${id} ${store.has(id)}`));
    store.put('d', one(2));
    expect(heard).toEqual(['b false', 'd true']);
    expect(store.size).toEqual({ frames: 3, bytes: 30 });
  });

  it('keeps what is near somebody who reads, before what is newer and far', () => {
    const store = new FrameStore(30);
    const stop = store.wish((id) => id === 'near');
    for (const id of ['near', 'far', 'farther', 'last']) store.put(id, one(1));
    expect(['near', 'far', 'farther', 'last'].map((id) => store.has(id))).toEqual([true, false, true, true]);
    stop();
    store.put('other', one(1));
    expect(store.has('near')).toBe(false);
  });

  it('lets go of what is wanted when nothing else is there', () => {
    const store = new FrameStore(20);
    store.wish(() => true);
    for (const id of ['a', 'b', 'c']) store.put(id, one(1));
    expect(['a', 'b', 'c'].map((id) => store.has(id))).toEqual([false, true, true]);
  });
});
