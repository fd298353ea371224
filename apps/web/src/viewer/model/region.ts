import type { HangingRegion } from '@negatoscope/contract';
import { type BodyRegion, regionLineage, regionsOfBodyPart } from '@negatoscope/dicom';

/** What rules of hanging are kept for, by the region that a part of the body is in (the tree of `body-regions` in packages/dicom). */
const HANGS_AS: Readonly<Record<BodyRegion, HangingRegion>> = {
  BREAST: 'BREAST',
  SPINE: 'SPINE',
  HEAD: 'HEAD',
  NECK: 'NECK',
  CHEST: 'CHEST',
  ABDOMEN: 'ABDOMEN',
  // A joint hangs like the limb that it belongs to.
  HIP: 'LIMB',
  PELVIS: 'ABDOMEN',
  UPPERLIMB: 'LIMB',
  LOWERLIMB: 'LIMB',
};

const hangsAs = (region: BodyRegion): HangingRegion | undefined =>
  regionLineage(region)
    .map((one) => HANGS_AS[one])
    .find((one) => one !== undefined);

/** The region that body parts and descriptions name, the first that names one counting; undefined where none does. */
export function regionOf(texts: readonly (string | undefined)[]): HangingRegion | undefined {
  for (const text of texts) {
    const found = regionsOfBodyPart(text ?? '').flatMap((region) => hangsAs(region) ?? []);
    if (found[0] !== undefined) return found[0];
  }
  return undefined;
}
