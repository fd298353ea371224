import type { DicomJson, DicomJsonElement } from './qido-repository.ts';

/**
 * What a pseudonymised dataset may show: an allowlist of attributes that describe the acquisition and the pixels, never the person,
 * the institution or free text. The full profile of PS3.15 Annex E belongs to anonymised export.
 */
const GROUPS = new Set(['0018', '0028', '0054', '3004', '5200', '7FE0']);
const TAGS = new Set([
  '00080005',
  '00080008',
  '00080016',
  '00080018',
  '00080020',
  '00080021',
  '00080022',
  '00080023',
  '00080030',
  '00080031',
  '00080032',
  '00080033',
  '00080060',
  '00080061',
  '00080064',
  '00080068',
  '00080070',
  '00081090',
  '00081140',
  '00081150',
  '00081155',
  '00082218',
  '00089007',
  '00089205',
  '00089206',
  '00089207',
  '00089215',
  '00080100',
  '00080102',
  '00080104',
  '00101010',
  '00101020',
  '00101030',
  '00100040',
  '0020000D',
  '0020000E',
  '00200011',
  '00200012',
  '00200013',
  '00200020',
  '00200032',
  '00200037',
  '00200052',
  '00200060',
  '00200062',
  '00201040',
  '00201041',
  '00201002',
  '00209056',
  '00209057',
  '00209071',
  '00209111',
  '00209113',
  '00209116',
  '00209156',
  '00209157',
  '00209161',
  '00209162',
  '00209221',
  '00209222',
  '00209164',
  '00209165',
  '00209167',
  '00209253',
  '00409096',
  '00409210',
  '00409211',
  '00409216',
  '00409224',
  '00409225',
  '004008EA',
  '20500020',
]);
/** Free text and names inside the groups above: protocol and device descriptions typed by people, serial numbers, operators' dates. */
const REMOVED = new Set([
  '00181000',
  '00181030',
  '00180010',
  '00181400',
  '00184000',
  '00181200',
  '00181201',
  '00181002',
  '00181007',
  '00181008',
  '00189424',
  '0018A003',
  '00180027',
  '00284000',
  '00540081',
]);
const FREE_TEXT_VR = new Set(['LT', 'ST', 'UT', 'PN', 'UN', 'UC']);

/** Whether the allowlist names the attribute, whatever its value. */
export const isShownWithoutIdentity = (tag: string): boolean =>
  (TAGS.has(tag) || GROUPS.has(tag.slice(0, 4))) && !REMOVED.has(tag);

const kept = (tag: string, element: DicomJsonElement): boolean => isShownWithoutIdentity(tag) && !FREE_TEXT_VR.has(element.vr);

const isDataset = (value: unknown): value is DicomJson => typeof value === 'object' && value !== null;

/** The dataset with nothing in it but what the allowlist names, sequences included. Bulk data other than the pixels is left out. */
export function pseudonymise(json: DicomJson): DicomJson {
  const result: DicomJson = {};
  for (const [tag, element] of Object.entries(json)) {
    if (!kept(tag, element)) continue;
    if (element.BulkDataURI !== undefined && !tag.startsWith('7FE0')) continue;
    result[tag] =
      element.vr === 'SQ' && element.Value !== undefined
        ? { vr: 'SQ', Value: element.Value.filter(isDataset).map(pseudonymise) }
        : element;
  }
  return result;
}
