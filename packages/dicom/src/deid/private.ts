import type { DicomJsonElement, DicomJsonObject } from '../types.ts';
import type { SafePrivateElement } from './types.ts';

const safe = (creator: string, group: number, elements: readonly (readonly [number, string])[]): SafePrivateElement[] =>
  elements.map(([element, vr]) => ({ creator, group, element, vr }));

/** Numbers that readers of diffusion, PET and slope need, of those that PS3.15 E.3.10 lists; none of text. */
export const SAFE_PRIVATE: readonly SafePrivateElement[] = [
  ...safe('Philips PET Private Group', 0x7053, [
    [0x00, 'DS'],
    [0x09, 'DS'],
  ]),
  ...safe('Philips Imaging DD 001', 0x2001, [[0x03, 'FL']]),
  ...safe('Philips MR Imaging DD 001', 0x2005, [
    [0x0d, 'FL'],
    [0x0e, 'FL'],
    [0xb0, 'FL'],
    [0xb1, 'FL'],
    [0xb2, 'FL'],
  ]),
  ...safe('SIEMENS MR HEADER', 0x0019, [
    [0x0c, 'IS'],
    [0x0e, 'FD'],
    [0x27, 'FD'],
  ]),
  ...safe('GEMS_ACQU_01', 0x0019, [
    [0x23, 'DS'],
    [0x24, 'DS'],
    [0x27, 'DS'],
  ]),
  ...safe('GEMS_PARM_01', 0x0043, [[0x39, 'IS']]),
  ...safe('ELSCINT1', 0x00e1, [[0x21, 'DS']]),
];

/** What may be on a list of safe elements: numbers. Text, names, dates, bytes and sequences of a private creator are never kept. */
const NUMBERS = new Set('DS IS FD FL SL SS SV UL US UV'.split(' '));

export const isPrivate = (tag: string): boolean => Number.parseInt(tag.charAt(3), 16) % 2 === 1;

/** The private element as the list has it: its block belongs to that creator, and its VR is the one written in the file. */
export function isSafePrivate(
  tag: string,
  element: DicomJsonElement,
  json: DicomJsonObject,
  list: readonly SafePrivateElement[],
): boolean {
  const [group, block, low] = [tag.slice(0, 4), tag.slice(4, 6), Number.parseInt(tag.slice(6), 16)];
  const creator = json[`${group}00${block}`];
  const name = creator?.Value?.[0];
  if (Number.parseInt(block, 16) < 0x10 || creator?.vr !== 'LO' || creator.Value?.length !== 1 || !NUMBERS.has(element.vr))
    return false;
  return list.some(
    (one) => one.creator === name && one.group === Number.parseInt(group, 16) && one.element === low && one.vr === element.vr,
  );
}

/** The tag of the creator of a private element. */
export const creatorTag = (tag: string): string => `${tag.slice(0, 4)}00${tag.slice(4, 6)}`;
