import { type DicomJsonObject, frameFormatOf, jsonNumber } from '@negatoscope/dicom';

/** Bytes that native pixels take at most; what is longer has something else behind them. */
export function nativeBytes(json: DicomJsonObject): number {
  const { rows, columns, samplesPerPixel, bitsAllocated } = frameFormatOf(json, '7FE00010');
  const bits = rows * columns * samplesPerPixel * bitsAllocated * (jsonNumber(json, '00280008') ?? 1);
  const whole = Math.ceil(bits / 8);
  return whole + (whole % 2);
}
