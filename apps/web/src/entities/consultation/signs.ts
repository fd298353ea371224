import type { Consultation, ConsultationLine, VitalSign, VitalSigns } from '@negatoscope/contract';
import { impossibleSigns, VITAL_SIGN_NAMES, VITAL_SIGNS } from '@negatoscope/contract/clinical';

/** A number as somebody types it, with a comma or a point: null where nothing stands, undefined for what is none. */
export function numberOf(typed: string): number | null | undefined {
  const text = typed.trim().replace(',', '.');
  if (text === '') return null;
  return /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : undefined;
}

export type TypedSigns = Readonly<Record<VitalSign, string>>;

const each = <T>(of: (name: VitalSign) => T): Record<VitalSign, T> =>
  Object.fromEntries(VITAL_SIGN_NAMES.map((name) => [name, of(name)])) as Record<VitalSign, T>; // One of each name.

export const typedOf = (signs: VitalSigns, locale: 'fr' | 'en'): TypedSigns =>
  each((name) => {
    const text = signs[name] === null ? '' : String(signs[name]);
    return locale === 'fr' ? text.replace('.', ',') : text;
  });

export type SignFault = 'NOT_A_NUMBER' | 'OUT_OF_RANGE' | 'PRESSURES';

/** Whether a text with a fault may become right by what is typed next: nobody is told off at the first digit. */
export const mayGoOn = (name: VitalSign, typed: string, fault: SignFault): boolean =>
  fault === 'PRESSURES' ||
  (fault === 'NOT_A_NUMBER' ? /^\s*\d+[.,]$/.test(typed) : (numberOf(typed) ?? 0) < VITAL_SIGNS[name].hard[0]);

/** What was typed as values, and what of it can't be. A value with a fault stands as it was before. */
export function readSigns(
  typed: TypedSigns,
  before: VitalSigns,
): { readonly signs: VitalSigns; readonly faults: Readonly<Partial<Record<VitalSign, SignFault>>> } {
  const faults: Partial<Record<VitalSign, SignFault>> = {};
  const read = each((name): number | null => {
    const value = numberOf(typed[name]);
    if (value === undefined) faults[name] = 'NOT_A_NUMBER';
    return value ?? null;
  });
  for (const { name } of impossibleSigns(read)) {
    const { hard } = VITAL_SIGNS[name];
    const value = read[name] ?? 0;
    faults[name] = value >= hard[0] && value <= hard[1] ? 'PRESSURES' : 'OUT_OF_RANGE';
  }
  return { signs: each((name) => (faults[name] === undefined ? read[name] : before[name])), faults };
}

/** What somebody may have changed while another did, field by field. */
export type Draft = Pick<Consultation, 'reason' | 'symptoms' | 'vitalSigns' | 'notes'>;
export type DraftField = keyof Draft;
export const DRAFT_FIELDS = ['reason', 'symptoms', 'vitalSigns', 'notes'] as const satisfies DraftField[];

export const sameValue = (a: unknown, b: unknown): boolean => JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
const sorted = (value: unknown): unknown =>
  typeof value === 'object' && value !== null
    ? Object.entries(value)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, of]) => [key, sorted(of)])
    : value;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;

/**
 * Mine over theirs where I have changed something; `conflict` where both of us have, to different ends: there the value is of whose `stands`. What is made of
 * parts is looked at part by part.
 */
export function rebase<T>(
  base: T,
  mine: T,
  theirs: T,
  stands: 'mine' | 'theirs' = 'mine',
): { readonly value: T; readonly conflict: boolean } {
  if (isObject(base) && isObject(mine) && isObject(theirs)) {
    const keys = [...new Set([...Object.keys(base), ...Object.keys(mine), ...Object.keys(theirs)])];
    const parts = keys.map((key) => [key, rebase(base[key], mine[key], theirs[key], stands)] as const);
    const kept = parts.filter(([, { value }]) => value !== undefined).map(([key, { value }]) => [key, value]);
    return { value: Object.fromEntries(kept) as T, conflict: parts.some(([, { conflict }]) => conflict) }; // The parts of both.
  }
  if (sameValue(mine, base)) return { value: theirs, conflict: false };
  const conflict = !sameValue(theirs, base) && !sameValue(theirs, mine);
  return { value: conflict && stands === 'theirs' ? theirs : mine, conflict };
}

/** Somebody’s values over time, the earliest first, one a day: the last of it. */
export function trendOf(
  lines: readonly ConsultationLine[],
  name: VitalSign,
): { readonly date: string; readonly value: number }[] {
  const byDay = new Map<string, number>();
  for (const { date, status, vitalSigns } of [...lines].sort((a, b) => a.arrivedAt.localeCompare(b.arrivedAt))) {
    const value = vitalSigns[name];
    if (value !== null && status !== 'CANCELLED') byDay.set(date, value);
  }
  return [...byDay].sort(([a], [b]) => (a < b ? -1 : 1)).map(([date, value]) => ({ date, value }));
}

/** Whole minutes between two instants, at least 0. */
export const minutesBetween = (from: string, to: number): number => Math.max(0, Math.floor((to - Date.parse(from)) / 60_000));
