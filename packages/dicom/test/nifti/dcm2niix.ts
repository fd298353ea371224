import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type ReadNifti, readNifti } from './read.ts';

const PROGRAM = '/usr/bin/dcm2niix';
export const HAS_DCM2NIIX = existsSync(PROGRAM);
export const NO_DCM2NIIX = HAS_DCM2NIIX ? '' : ' (skipped: dcm2niix not found)';

/** What dcm2niix makes of some files, the largest first. */
export function byDcm2niix(files: readonly Uint8Array[]): ReadNifti[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'negatoscope-nifti-'));
  try {
    for (const [index, bytes] of files.entries()) writeFileSync(path.join(folder, `${index}.dcm`), bytes);
    execFileSync(PROGRAM, ['-z', 'n', '-b', 'n', '-f', 'made_%s', folder], { stdio: 'pipe', timeout: 60_000 });
    const made = readdirSync(folder).filter((name) => name.endsWith('.nii'));
    const read = made.map((name) => readFileSync(path.join(folder, name)));
    return read.sort((a, b) => b.length - a.length).map(readNifti);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

type Axis = 0 | 1 | 2;
const column = (rows: readonly (readonly number[])[], axis: number): number[] => rows.map((row) => row[axis] ?? 0);

/** Which axes of one run the other way in the other. */
export function flipsOf(ours: ReadNifti, theirs: ReadNifti): readonly [boolean, boolean, boolean] {
  const isFlipped = (axis: Axis): boolean => {
    const [a, b] = [column(ours.sform, axis), column(theirs.sform, axis)];
    return a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0) < 0;
  };
  return [isFlipped(0), isFlipped(1), isFlipped(2)];
}

/** The matrix of a file whose axes run the other way where told. */
export function flipped({ sform, dims }: ReadNifti, flips: readonly [boolean, boolean, boolean]): number[][] {
  return sform.map((row) => {
    const turned = [...row];
    for (const axis of [0, 1, 2] as const) {
      if (!flips[axis]) continue;
      turned[3] = (turned[3] ?? 0) + (row[axis] ?? 0) * (dims[axis] - 1);
      turned[axis] = -(row[axis] ?? 0);
    }
    return turned;
  });
}
