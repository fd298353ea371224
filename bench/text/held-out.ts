import { type DecodedFrame, findText } from '@negatoscope/dicom';
import { type GreyPicture, HELD_OUT_BACKGROUNDS, heldOutLine, heldOutPicture } from '@negatoscope/testkit';
import { covered } from './written.ts';

const frameOf = ({ rows, columns, pixels }: GreyPicture): DecodedFrame => ({
  ...{ rows, columns, pixels, samplesPerPixel: 1, bitsAllocated: 8, bitsStored: 8, highBit: 7, isFloat: false },
  ...{ pixelRepresentation: 0, photometricInterpretation: 'MONOCHROME2', planarConfiguration: 0 },
});

/** What is found on pictures and in a font that the finder was not made by; `count` is told of each. */
export function measureHeldOut(pictures: number, count: (key: string, isHit: boolean) => void): void {
  for (const kind of HELD_OUT_BACKGROUNDS)
    for (let seed = 1; seed <= pictures; seed += 1) {
      const isSuspected = (findText(frameOf(heldOutPicture(kind, seed))) ?? []).length > 0;
      for (const key of [`held out, without text: ${kind}`, 'held out, without text: all']) count(key, isSuspected);
      const { picture, box, height, isSlanted } = heldOutLine(kind, seed);
      // Letters are shorter at the first place than accents or tails reach.
      const isFound = covered(box, findText(frameOf(picture)) ?? []) >= 0.5;
      const size = height < 12 ? 'under 12' : height < 24 ? '12 to 23' : 'from 24';
      for (const key of [`on ${kind}`, `height ${size}`, isSlanted ? 'slanted' : 'upright', 'all'])
        count(`held out, lines: ${key}`, isFound);
    }
}
