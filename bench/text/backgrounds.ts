import { type DecodedFrame, frameFormatOf, locateFrames, parsePart10 } from '@negatoscope/dicom';
import { chestXray, createPrng, ctVolume, type GeneratedInstance, ultrasoundClip } from '@negatoscope/testkit';

export type Background = 'chest' | 'ultrasound' | 'CT' | 'noise';
export const BACKGROUNDS: readonly Background[] = ['chest', 'ultrasound', 'CT', 'noise'];

/** The first frame of a phantom, whose pixels are native. */
function frameOf(instances: Iterable<GeneratedInstance>): DecodedFrame {
  for (const { bytes } of instances) {
    const parsed = parsePart10(bytes);
    const table = locateFrames(parsed, bytes);
    if (table.kind !== 'native') break;
    const pixels = bytes.slice(table.offset, table.offset + table.frameBytes);
    return { ...frameFormatOf(parsed.json, '7FE00010'), pixels };
  }
  throw new Error('A phantom has no native frame');
}

function noise(seed: number): DecodedFrame {
  const prng = createPrng('text-noise', seed);
  const pixels = Uint8Array.from({ length: 512 * 512 }, () => Math.max(0, Math.min(255, 110 + 22 * prng.normal())));
  const format = { rows: 512, columns: 512, samplesPerPixel: 1, bitsAllocated: 8, bitsStored: 8, highBit: 7, isFloat: false };
  return { ...format, pixelRepresentation: 0, photometricInterpretation: 'MONOCHROME2', planarConfiguration: 0, pixels };
}

/** A picture without text: each seed another body, heart or field of noise. */
export function background(kind: Background, seed: number): DecodedFrame {
  if (kind === 'noise') return noise(seed);
  if (kind === 'chest') return frameOf(chestXray({ seed, rows: 512, columns: 512 }));
  if (kind === 'ultrasound') return frameOf(ultrasoundClip({ seed, frames: 1 }));
  return frameOf(ctVolume({ seed, slices: 3, anatomy: seed % 2 === 0 ? 'head' : 'thorax' }));
}
