import { regionsOfBodyPart, regionsOfText } from '../body-regions.ts';
import { jsonItems, jsonNumber, jsonString, jsonStrings } from '../json-access.ts';
import type { DicomJsonObject } from '../types.ts';

export type BurnedInReason =
  | 'SAID_YES'
  | 'SAID_NO'
  | 'MODALITY'
  | 'CONVERSION'
  | 'SECONDARY'
  | 'SOP_CLASS'
  | 'SCREEN_SAVE'
  | 'DOCUMENT';

export interface BurnedIn {
  readonly level: 'none' | 'suspected' | 'certain';
  readonly reasons: readonly BurnedInReason[];
}

/** Right and bottom are the first that are no longer part of it. */
export interface PixelRectangle {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Machines that write the patient's name into the picture. */
const WRITES_NAMES = new Set('US IVUS BDUS XA RF XC ES ECG EPS HD OT SC DG OP OPT IO PX BMD GM SM'.split(' '));
const WORKSTATION = new Set(['WSD', 'DF', 'DV', 'SD', 'SI', 'DRW']);
/** Secondary Capture in all its forms. */
const CAPTURE = /^1\.2\.840\.10008\.5\.1\.4\.1\.1\.7(\.|$)/;
/** Angiography, fluoroscopy, ultrasound and photographs, whatever modality they say. */
const WRITES_NAMES_CLASS = /^1\.2\.840\.10008\.5\.1\.4\.1\.1\.(12\.[12](\.1)?|3(\.1)?|6(\.[1-3])?|77\.1\..+)$/;
const SEGMENTATION = '1.2.840.10008.5.1.4.1.1.66.4';
/** Of instances that have no pixels. One that has some all the same, say a capture of a report, is asked like any picture. */
const NO_PICTURE = new Set('SR KO PR RTSTRUCT RTPLAN SEG REG FID RWV'.split(' '));

/**
 * Whether a picture has text in its pixels, by what its header says. The header is believed when it says yes; NO is believed only of machines that do not
 * write names, since captures carry on the NO of their source.
 */
export function burnedIn(json: DicomJsonObject): BurnedIn {
  const modalities = jsonStrings(json, '00080060').map((modality) => modality.trim().toUpperCase());
  const sopClass = jsonString(json, '00080016') ?? '';
  const isPicture = Object.keys(json).some((tag) => tag.startsWith('7FE0')) && sopClass !== SEGMENTATION;
  if (!isPicture && modalities.some((modality) => NO_PICTURE.has(modality))) return { level: 'none', reasons: [] };
  const said = jsonString(json, '00280301')?.toUpperCase();
  const types = jsonStrings(json, '00080008').map((type) => type.toUpperCase());
  const checks: readonly (readonly [BurnedInReason, boolean])[] = [
    ['SAID_YES', said === 'YES'],
    ['MODALITY', isUnclear(modalities)],
    ['CONVERSION', WORKSTATION.has(jsonString(json, '00080064') ?? '')],
    [
      'SECONDARY',
      types[1] === 'SECONDARY' && types[0] !== 'ORIGINAL' && !types.some((type) => type === 'MPR' || type === 'REFORMATTED'),
    ],
    ['SOP_CLASS', CAPTURE.test(sopClass) || WRITES_NAMES_CLASS.test(sopClass)],
    ['SCREEN_SAVE', types.some((type) => /SCREEN|CAPTURE|REPORT|DOSE|PROTOCOL/.test(type))],
    ['DOCUMENT', '00420011' in json],
  ];
  const reasons = checks.filter(([, holds]) => holds).map(([reason]) => reason);
  if (reasons.includes('SAID_YES') || reasons.includes('DOCUMENT')) return { level: 'certain', reasons };
  if (reasons.length > 0) return { level: 'suspected', reasons };
  return { level: 'none', reasons: said === 'NO' ? ['SAID_NO'] : [] };
}

/** None is said, one that writes names, or one that should have no pixels. */
const isUnclear = (modalities: readonly string[]): boolean =>
  modalities.every((modality) => modality === '') ||
  modalities.some((modality) => WRITES_NAMES.has(modality) || NO_PICTURE.has(modality));

const clamp = (value: number, most: number): number => Math.min(Math.max(0, Math.trunc(value)), most);

/** What lies outside the regions that an ultrasound machine declares (PS3.3 C.8.5.5): bands above, below, left and right of all of them. */
export function outsideRegions(json: DicomJsonObject): readonly PixelRectangle[] {
  const [rows = 0, columns = 0] = [jsonNumber(json, '00280010'), jsonNumber(json, '00280011')];
  const regions = jsonItems(json, '00186011').flatMap((item) => {
    const [left, top, right, bottom] = ['00186018', '0018601A', '0018601C', '0018601E'].map((tag) => jsonNumber(item, tag));
    if (left === undefined || top === undefined || right === undefined || bottom === undefined) return [];
    return right > left && bottom > top ? [{ left, top, right, bottom }] : [];
  });
  if (regions.length === 0 || rows <= 0 || columns <= 0) return [];
  const left = clamp(Math.min(...regions.map((one) => one.left)), columns);
  const top = clamp(Math.min(...regions.map((one) => one.top)), rows);
  const right = clamp(Math.max(...regions.map((one) => one.right)) + 1, columns);
  const bottom = clamp(Math.max(...regions.map((one) => one.bottom)) + 1, rows);
  const bands: PixelRectangle[] = [
    { left: 0, top: 0, right: columns, bottom: top },
    { left: 0, top: bottom, right: columns, bottom: rows },
    { left: 0, top, right: left, bottom },
    { left: right, top, right: columns, bottom },
  ];
  return bands.filter((band) => band.right > band.left && band.bottom > band.top);
}

const VOLUMES = new Set(['CT', 'MR', 'PT']);
const HEAD = new Set('HEAD BRAIN FACE ORBIT NOSE JAW EAR WHOLEBODY NECK'.split(' '));

/** A CT, MR or PET of which a face can be made: of the head, or of a part that its header does not tell. */
export function recognisableFace(json: DicomJsonObject): boolean {
  if (!VOLUMES.has(jsonString(json, '00080060') ?? '')) return false;
  const part = jsonString(json, '00180015');
  const texts = ['00081030', '0008103E', '00181030'].flatMap((tag) => jsonStrings(json, tag));
  const regions = [...(part === undefined ? [] : regionsOfBodyPart(part)), ...texts.flatMap((text) => [...regionsOfText(text)])];
  return regions.length === 0 || regions.some((region) => HEAD.has(region));
}
