import type { GeneratedInstance } from './instance.ts';

export type MatrixSyntax = 'explicit' | 'implicit' | 'bigEndian' | 'deflated' | 'rle';
export type MatrixPhotometric = 'MONOCHROME1' | 'MONOCHROME2' | 'RGB' | 'PALETTE COLOR' | 'YBR_FULL';

export interface PixelCase {
  readonly name: string;
  readonly bitsAllocated: 1 | 8 | 16 | 32;
  readonly bitsStored: number;
  readonly isSigned: boolean;
  readonly photometric: MatrixPhotometric;
  readonly planarConfiguration: 0 | 1;
  readonly frames: number;
  readonly syntax: MatrixSyntax;
  readonly rows: number;
  readonly columns: number;
  readonly instance: GeneratedInstance;
  /**
   * What a decoder gives for each frame: rows x columns samples in row order, colour samples by pixel (R G B or Y Cb Cr as stored, palette
   * indices as stored), sign applied, before any rescale, palette or colour conversion.
   */
  readonly expected: readonly (readonly number[])[];
}

export type CaseShape = Omit<PixelCase, 'name' | 'instance' | 'expected'>;

export function samplesOf(shape: CaseShape): number {
  return shape.photometric === 'RGB' || shape.photometric === 'YBR_FULL' ? 3 : 1;
}
