import { NEIGHBOURS, PARENTS, type Region, SHOWN_TOGETHER } from './body-parts';

/** A region and what it is a part of, from the smallest to the whole. */
export function lineage(region: Region): Region[] {
  const parent = PARENTS.get(region);
  return parent === undefined ? [region] : [region, ...lineage(parent)];
}

/** How regions lie to each other. */
export type Relation = 'same' | 'part' | 'near' | 'apart' | 'unknown';
const CLOSEST: readonly Relation[] = ['same', 'part', 'near', 'apart'];

function relationOfTwo(one: Region, other: Region): Relation {
  if (one === other) return 'same';
  const [above, beside] = [lineage(one), lineage(other)];
  if (above.includes(other) || beside.includes(one)) return 'part';
  if (above.some((a) => beside.some((b) => NEIGHBOURS.has(`${a} ${b}`)))) return 'near';
  return above[1] !== undefined && above[1] === beside[1] && SHOWN_TOGETHER.has(above[1]) ? 'near' : 'apart';
}

/** The closest relation of any two; `unknown` where one side names none. */
export function relationOf(ones: readonly Region[], others: readonly Region[]): Relation {
  if (ones.length === 0 || others.length === 0) return 'unknown';
  const met = new Set(ones.flatMap((one) => others.map((other) => relationOfTwo(one, other))));
  return CLOSEST.find((relation) => met.has(relation)) ?? 'apart';
}

/** Whether there are two of it, so that left is not right. */
export const isPaired = (region: Region): boolean =>
  ['BREAST', 'HIP', 'EAR', 'ORBIT'].includes(region) || lineage(region).some((above) => /LIMB$/.test(above));
