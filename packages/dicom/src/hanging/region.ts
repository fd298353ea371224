import type { Region } from '../body-parts.ts';
import { regionsOfBodyPart } from '../body-regions.ts';
import { lineage } from '../body-relations.ts';

/** What studies hang differently by; the contract keeps rules by the same names. */
export type HangingRegion = 'HEAD' | 'NECK' | 'CHEST' | 'ABDOMEN' | 'SPINE' | 'BREAST' | 'LIMB';

/** What rules of hanging are kept for, by the region that a part of the body is in (the tree of `body-regions`). */
const HANGS_AS: Readonly<Record<Region, HangingRegion>> = {
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

const hangsAs = (region: Region): HangingRegion | undefined =>
  lineage(region)
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
