import type { Letterhead } from '@negatoscope/contract';

/** A letterhead as it is typed: its lines in one field. */
export interface EditedLetterhead {
  readonly name: string;
  readonly lines: string;
  readonly phone: string;
  readonly logo: string | null;
}
export interface Faults {
  readonly name?: 'required';
  readonly lines?: 'addressLong';
}

const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

export const editedOf = ({ name, lines, phone, logo }: Letterhead): EditedLetterhead => ({
  ...{ name, logo, lines: lines.join('\n'), phone: phone ?? '' },
});
export const letterheadOf = ({ name, lines, phone, logo }: EditedLetterhead): Letterhead => ({
  ...{ name: name.trim(), logo, lines: linesOf(lines), phone: phone.trim() === '' ? null : phone.trim() },
});
/** Why it can't be kept as it is typed. */
export function faultsOf({ name, lines }: EditedLetterhead): Faults {
  const typed = linesOf(lines);
  return {
    ...(name.trim() === '' ? { name: 'required' as const } : {}),
    ...(typed.length > 6 || typed.some((line) => line.length > 100) ? { lines: 'addressLong' as const } : {}),
  };
}
