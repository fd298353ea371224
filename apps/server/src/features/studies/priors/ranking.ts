import type { PriorReason } from '@negatoscope/contract';
import {
  isPaired,
  type BodyRegion as Region,
  type RegionRelation as Relation,
  regionsOfBodyPart,
  regionsOfText,
  relationOfRegions as relationOf,
  sidesOfText,
} from '@negatoscope/dicom';

/** What is known of a study from its metadata alone, as far as the actor may see it. */
export interface Compared {
  readonly modalities: readonly string[];
  /** Body Part Examined of its series. */
  readonly bodyParts: readonly string[];
  /** Laterality (0020,0060) of its series. */
  readonly sides: readonly string[];
  /** Descriptions of study and series; empty for who may read no free text. */
  readonly descriptions: readonly string[];
  /** Wall clock, `YYYY-MM-DD HH:MM:SS…`; null without a date. */
  readonly moment: string | null;
  /** Its images name somebody else, and nobody has decided that it is the patient's all the same. */
  readonly isOtherIdentity: boolean;
}

export interface Ranked<S extends Compared> {
  readonly study: S;
  readonly reasons: readonly PriorReason[];
  readonly isComparable: boolean;
}

/** Modalities of objects that show no part of a body (PS3.3 C.7.3.1.1.1). */
const NO_IMAGES = new Set(
  'SR KO PR DOC SEG REG RTSTRUCT RTPLAN RTDOSE RTRECORD AU ECG EPS HD PLAN RWV SMR FID TEXTUREMAP'.split(' '),
);
/** Modalities whose pictures can be laid beside each other. */
const FAMILIES = ['CT MR PT', 'PT NM', 'CR DX RG RF XA PX', 'IO DX PX', 'US IVUS', 'OP OPT OCT OPM'].map(
  (family) => new Set(family.split(' ')),
);
/** What a modality shows by itself. */
const SHOWS: Readonly<Record<string, readonly Region[]>> = {
  MG: ['BREAST'],
  IO: ['JAW'],
  PX: ['JAW'],
  OP: ['ORBIT'],
  OPT: ['ORBIT'],
};

const imagesOf = (study: Compared): string[] => study.modalities.filter((modality) => !NO_IMAGES.has(modality));

interface Place {
  readonly regions: readonly Region[];
  readonly isFromText: boolean;
  readonly sides: readonly string[];
}

/** Which part of the body a study shows: by its series, else by its modality, else by what its descriptions say. */
function placeOf(study: Compared): Place {
  const sides = [...new Set([...study.sides, ...study.descriptions.flatMap(sidesOfText)])].filter((side) => /^[LR]$/.test(side));
  const coded = study.bodyParts.flatMap(regionsOfBodyPart);
  if (coded.length > 0) return { regions: [...new Set(coded)], isFromText: false, sides };
  const shown = imagesOf(study).flatMap((modality) => SHOWS[modality] ?? []);
  if (shown.length > 0) return { regions: [...new Set(shown)], isFromText: false, sides };
  const regions = [...new Set(study.descriptions.flatMap(regionsOfText))];
  return { regions, isFromText: regions.length > 0, sides };
}

/** Whether one shows left only and the other right only, of what there are two of. */
function isOtherSide(one: Place, other: Place): boolean {
  if (!one.regions.every(isPaired) || !other.regions.every(isPaired)) return false;
  return one.sides.length === 1 && other.sides.length === 1 && one.sides[0] !== other.sides[0];
}

type Likeness = 'same' | 'related' | 'other';
function likenessOf(current: readonly string[], prior: readonly string[]): Likeness {
  if (current.some((modality) => prior.includes(modality))) return 'same';
  const isRelated = FAMILIES.some((family) => [current, prior].every((side) => side.some((modality) => family.has(modality))));
  return isRelated ? 'related' : 'other';
}

const REGION_ORDER: readonly (Relation | 'other side')[] = ['same', 'part', 'other side', 'near', 'unknown', 'apart'];
const REGION_REASONS: Partial<Record<Relation, PriorReason>> = {
  same: 'SAME_REGION',
  part: 'PART_OF_REGION',
  near: 'NEAR_REGION',
};
const LIKENESS_ORDER: readonly Likeness[] = ['same', 'related', 'other'];

const dayOf = (moment: string | null): string | undefined => moment?.slice(0, 10);
/** A moment without a time begins its day: on the same day it says nothing of before and after. */
const isTimed = (moment: string): boolean => !moment.endsWith(' 00:00:00');

function isLater(current: string | null, prior: string | null): boolean {
  if (current === null || prior === null || prior <= current) return false;
  return dayOf(prior) !== dayOf(current) || (isTimed(current) && isTimed(prior));
}

interface Scored<S extends Compared> extends Ranked<S> {
  /** The smaller the better, the first first. */
  readonly key: readonly number[];
}

function score<S extends Compared>(current: Compared, place: Place, study: S): Scored<S> {
  const there = placeOf(study);
  const relation = relationOf(place.regions, there.regions);
  const isOther = (relation === 'same' || relation === 'part') && isOtherSide(place, there);
  const likeness = likenessOf(imagesOf(current), imagesOf(study));
  const later = isLater(current.moment, study.moment);
  const region = REGION_REASONS[relation];
  const reasons: PriorReason[] = [];
  if (region !== undefined) reasons.push(region);
  if (region !== undefined && (there.isFromText || place.isFromText)) reasons.push('REGION_FROM_DESCRIPTION');
  if (isOther) reasons.push('OTHER_SIDE');
  if (likeness !== 'other') reasons.push(likeness === 'same' ? 'SAME_MODALITY' : 'RELATED_MODALITY');
  if (study.moment !== null && dayOf(study.moment) === dayOf(current.moment)) reasons.push('SAME_DAY');
  if (study.moment === null) reasons.push('NO_DATE');
  if (later) reasons.push('LATER');
  if (study.isOtherIdentity) reasons.push('OTHER_IDENTITY');
  const isAlike =
    relation === 'same' || relation === 'part' ? !isOther && likeness !== 'other' : relation === 'unknown' && likeness === 'same';
  const key = [
    Number(study.isOtherIdentity),
    Number(later),
    Number(imagesOf(study).length === 0),
    REGION_ORDER.indexOf(isOther ? 'other side' : relation),
    LIKENESS_ORDER.indexOf(likeness),
    Number(study.moment === null),
  ];
  return { study, reasons, isComparable: isAlike && !later && !study.isOtherIdentity, key };
}

/** Nearest in time: the newest of those before, the oldest of those after. */
function byTime(one: Compared, other: Compared, isAfter: boolean): number {
  const [a, b] = [one.moment ?? '', other.moment ?? ''];
  if (a === b) return 0;
  return a < b === isAfter ? -1 : 1;
}

/**
 * A patient's other studies in the order in which they are best compared with the current one: those that are surely the patient's before those whose
 * images name somebody else, earlier ones before later ones; then by region, by modality, and the nearest in time. Equal ones stay in their order.
 */
export function rankPriors<S extends Compared>(current: Compared, others: readonly S[]): Ranked<S>[] {
  const place = placeOf(current);
  const scored = others.map((study) => score(current, place, study));
  scored.sort((one, other) => {
    const at = one.key.findIndex((value, index) => value !== other.key[index]);
    if (at >= 0) return (one.key[at] ?? 0) - (other.key[at] ?? 0);
    return byTime(one.study, other.study, one.reasons.includes('LATER'));
  });
  return scored.map(({ study, reasons, isComparable }) => ({ study, reasons, isComparable }));
}
