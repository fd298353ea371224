import {
  type BodyOf,
  CONSULTATION_MOVES,
  type ConsultationStatus,
  type FilmOrder,
  type Symptoms,
  UNDO_MOVE_MS,
  type updateConsultation,
  type VitalSigns,
} from '@negatoscope/contract';

type Change = BodyOf<typeof updateConsultation>;
type SymptomsChange = NonNullable<Change['symptoms']>;
type VitalSignsChange = NonNullable<Change['vitalSigns']>;

/** What a move is taken back to. Instants as ISO 8601 text. */
export interface Before {
  readonly status: ConsultationStatus;
  readonly physicianId: string | null;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
}

export interface Standing {
  readonly status: ConsultationStatus;
  readonly physicianId: string | null;
  readonly before: Before | null;
  readonly movedBy: string | null;
  readonly movedAt: Date | null;
}

interface Wish {
  readonly status: ConsultationStatus;
  readonly takeOverFrom?: string | undefined;
  readonly userId: string;
  readonly mayConduct: boolean;
  readonly now: Date;
}

export type Move = 'TAKE' | 'TAKE_OVER' | 'FINISH' | 'CANCEL' | 'UNDO' | 'NOTHING';
export type Refusal = 'FORBIDDEN' | 'CONSULTATION_TAKEN' | 'ILLEGAL_MOVE' | 'UNDO_EXPIRED';

/** Until when who made the last move may take it back; undefined where there is nothing to take back. */
export const undoUntil = ({ before, movedAt }: Pick<Standing, 'before' | 'movedAt'>): Date | undefined =>
  before === null || movedAt === null ? undefined : new Date(movedAt.getTime() + UNDO_MOVE_MS);

/** What somebody's wish makes of a consultation, or why it does not. The same wish sent again is no failure. */
export function moveOf(at: Standing, wish: Wish): { move: Move } | { refused: Refusal } {
  const isOthers = at.status === 'IN_PROGRESS' && at.physicianId !== null && at.physicianId !== wish.userId;
  if (isOthers) {
    if (wish.status !== 'IN_PROGRESS' || wish.takeOverFrom !== at.physicianId) return { refused: 'CONSULTATION_TAKEN' };
    return wish.mayConduct ? { move: 'TAKE_OVER' } : { refused: 'FORBIDDEN' };
  }
  if (wish.status === at.status) {
    if (at.status !== 'IN_PROGRESS' || at.physicianId !== null) return { move: 'NOTHING' };
    // Whose account has gone has nobody to take it over from.
    return wish.mayConduct ? { move: 'TAKE_OVER' } : { refused: 'FORBIDDEN' };
  }
  if (CONSULTATION_MOVES[at.status].includes(wish.status)) return forward(at, wish);
  return back(at, wish);
}

function forward(at: Standing, { status, mayConduct }: Wish): { move: Move } | { refused: Refusal } {
  if (!mayConduct && (status !== 'CANCELLED' || at.status !== 'WAITING')) return { refused: 'FORBIDDEN' };
  return { move: status === 'CANCELLED' ? 'CANCEL' : status === 'DONE' ? 'FINISH' : 'TAKE' };
}

function back(at: Standing, { status, userId, now }: Wish): { move: Move } | { refused: Refusal } {
  const until = undoUntil(at);
  if (until === undefined || at.before?.status !== status || at.movedBy !== userId) return { refused: 'ILLEGAL_MOVE' };
  return now > until ? { refused: 'UNDO_EXPIRED' } : { move: 'UNDO' };
}

/** A registration may be written down later, and for an appointment: within so many years before and after today no day is a slip of the pen. */
const YEARS = { before: 10, after: 2 } as const;

/** Whether a day (`YYYY-MM-DD`) may be one of a consultation. */
export function isPlausibleDay(day: string, now: Date): boolean {
  const year = now.getUTCFullYear();
  const at = (to: number): string => `${String(to).padStart(4, '0')}${now.toISOString().slice(4, 10)}`;
  return day >= at(year - YEARS.before) && day <= at(year + YEARS.after);
}

/** What is there with a change over it: what the change does not name stays, null takes a check away. */
export const changedSymptoms = (present: Symptoms, { checks = {}, ...others }: SymptomsChange): Symptoms => ({
  ...present,
  ...defined(others),
  checks: given({ ...present.checks, ...checks }),
});
export const changedSigns = (present: VitalSigns, change: VitalSignsChange): VitalSigns => ({ ...present, ...defined(change) });

const given = (checks: NonNullable<SymptomsChange['checks']>): Symptoms['checks'] =>
  Object.fromEntries(
    Object.entries(checks).filter(([, answer]) => answer !== null && answer !== undefined),
  ) as Symptoms['checks']; // What is left was answered.

const defined = <T extends object>(values: T) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>; // The entries that are left.
  };

/** Modalities of projection radiography: what was ordered as one is done by any of them, and by no capture: a letter that was scanned is one too. */
const PROJECTION = new Set(['DX', 'CR', 'RG']);

const DAY_MS = 86_400_000;

/** Whether a study may be what was ordered: of its modality, and no older than the order but for a day, since clocks and time zones of devices differ. An undated one may be. */
export function isDoneBy(
  { modality, ordered_at: orderedAt }: { readonly modality: FilmOrder['modality']; readonly ordered_at: Date },
  { modalities, study_date: date }: { readonly modalities: readonly string[]; readonly study_date: string | null },
): boolean {
  const isOlder = date !== null && date < new Date(orderedAt.getTime() - DAY_MS).toISOString().slice(0, 10);
  return !isOlder && isOfKind(modality, modalities);
}

/** Whether images of these modalities may be what was ordered. */
export const isOfKind = (modality: FilmOrder['modality'], modalities: readonly string[]): boolean =>
  modalities.some((made) => made === modality || (modality === 'DX' && PROJECTION.has(made)));

/** Modalities of devices that make what is ordered as one. */
export const madeAs = (modality: FilmOrder['modality']): readonly string[] => (modality === 'DX' ? [...PROJECTION] : [modality]);

/** Full years of somebody on a day (both `YYYY-MM-DD`); null without a birth date. */
export function ageOn(birthDate: string | null, day: string): number | null {
  if (birthDate === null) return null;
  const years = Number(day.slice(0, 4)) - Number(birthDate.slice(0, 4));
  return Math.max(0, day.slice(5) < birthDate.slice(5) ? years - 1 : years);
}
