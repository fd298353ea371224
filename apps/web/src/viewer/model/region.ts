import type { HangingRegion as Region } from '@negatoscope/contract';
import { plain } from './series-features.ts';

/** Beginnings of words, in French and English and as Body Part Examined has them (PS3.16 annex L); what is more particular comes first. */
const NAMES: readonly (readonly [Region, string])[] = [
  ['BREAST', 'breast|sein|seins|mammo'],
  ['SPINE', 'spine|rachis|lspine|cspine|tspine|lumb|lombair|cervical spine|dorsal|vertebr|sacr'],
  ['HEAD', 'head|brain|skull|crane|cerebr|cereb|encephal|tete|sinus|orbit|rocher|hypophys|neuro'],
  ['CHEST', 'chest|thorax|thorac|lung|poumon|pulm|coeur|heart|card|tap'],
  ['ABDOMEN', 'abdo|abd|liver|foie|pelvi|bassin|pancrea|renal|kidney|rein|uro|colo|hepat|prostat'],
  ['NECK', 'neck|cou|cervic|thyro|laryn'],
  [
    'LIMB',
    'knee|genou|hip|hanche|shoulder|epaule|ankle|cheville|foot|pied|hand|main|wrist|poignet|elbow|coude|leg|jambe|arm|bras|femur|extremity|membre|tibia',
  ],
];
const PATTERNS = NAMES.map(([region, names]) => [region, new RegExp(`(?:^|[^a-z])(?:${names})`)] as const);

/** The region that body parts and descriptions name, what is written first counting most; undefined where none does. */
export function regionOf(texts: readonly (string | undefined)[]): Region | undefined {
  for (const text of texts) {
    const found = text === undefined ? undefined : PATTERNS.find(([, pattern]) => pattern.test(plain(text)));
    if (found !== undefined) return found[0];
  }
  return undefined;
}
