import { HEAD } from './head-measures.ts';
import { KNEE } from './knee.ts';

export type MrWeighting = 'T1' | 'T2' | 'FLAIR' | 'PD';

export const TIMES: Record<MrWeighting, { TR: number; TE: number; TI?: number; sequence: string }> = {
  T1: { TR: 520, TE: 11, sequence: 'SE' },
  T2: { TR: 4800, TE: 98, sequence: 'SE' },
  FLAIR: { TR: 9000, TE: 120, TI: 2500, sequence: 'IR' },
  PD: { TR: 3200, TE: 28, sequence: 'SE' },
};

/** Signal of the tissues in T1, T2, FLAIR, PD with fat suppression; 12-bit scale. */
const SIGNAL: readonly (readonly [label: number, t1: number, t2: number, flair: number, pd: number])[] = [
  [HEAD.air, 8, 8, 8, 8],
  [HEAD.fat, 1330, 900, 800, 190],
  [HEAD.skin, 620, 420, 430, 420],
  [HEAD.muscle, 480, 240, 330, 520],
  [HEAD.cortex, 60, 50, 50, 50],
  [HEAD.marrow, 1090, 640, 560, 210],
  [HEAD.csf, 210, 1650, 130, 1500],
  [HEAD.csf + 14, 420, 1000, 420, 900],
  [HEAD.white, 980, 470, 540, 620],
  [HEAD.grey, 700, 760, 800, 820],
  [HEAD.deepGrey, 790, 560, 690, 700],
  [HEAD.deepGrey + 2, 780, 590, 700, 700],
  [HEAD.deepGrey + 3, 790, 600, 700, 700],
  [HEAD.blood, 150, 110, 120, 200],
  [HEAD.blood + 4, 420, 180, 260, 300],
  [HEAD.eye, 250, 1560, 240, 1200],
  [HEAD.lens, 560, 320, 340, 420],
  [34, 600, 520, 560, 560],
  [HEAD.brainstem, 900, 540, 600, 640],
  [HEAD.cerebellum, 790, 640, 700, 740],
  [HEAD.cerebellum + 3, 760, 660, 720, 760],
  [KNEE.cartilage, 760, 640, 640, 1250],
  [KNEE.meniscus, 130, 100, 100, 150],
  [KNEE.ligament, 160, 120, 120, 170],
  [KNEE.fluid, 260, 1700, 300, 1750],
];

export function signalTable(weighting: MrWeighting): Int16Array {
  const column = ['T1', 'T2', 'FLAIR', 'PD'].indexOf(weighting) + 1;
  // Unnamed values (air cells, bone plates of other densities) hold no protons to speak of.
  const table = new Int16Array(4096).fill(30);
  for (const row of SIGNAL) table[Math.round(row[0]) + 1024] = row[column] ?? 30;
  return table;
}
