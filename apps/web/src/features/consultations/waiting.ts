import type { ConsultationLine } from '@negatoscope/contract';

export interface WaitingGroup {
  /** Null: of no physician yet. */
  readonly physicianId: string | null;
  readonly name: string | null;
  readonly lines: readonly ConsultationLine[];
}

const hasEnded = ({ status }: ConsultationLine): boolean => status === 'DONE' || status === 'CANCELLED';
/** Who is in the room first, then who came first. */
const byTurn = (a: ConsultationLine, b: ConsultationLine): number =>
  Number(b.status === 'IN_PROGRESS') - Number(a.status === 'IN_PROGRESS') ||
  a.arrivedAt.localeCompare(b.arrivedAt) ||
  (a.id < b.id ? -1 : 1);

/** A day's waiting room by physician: one's own first, then those of no physician, then the others by name; what has ended is apart, the last one first. */
export function waitingRoom(
  lines: readonly ConsultationLine[],
  ownId: string | undefined,
): { readonly groups: readonly WaitingGroup[]; readonly ended: readonly ConsultationLine[] } {
  const byPhysician = new Map<string | null, ConsultationLine[]>();
  for (const line of lines.filter((one) => !hasEnded(one)))
    byPhysician.set(line.physicianId, [...(byPhysician.get(line.physicianId) ?? []), line]);
  const place = ({ physicianId }: WaitingGroup): number => (physicianId === ownId ? 0 : physicianId === null ? 1 : 2);
  const groups = [...byPhysician]
    .map(([physicianId, of]) => ({ physicianId, name: of[0]?.physicianName ?? null, lines: of.sort(byTurn) }))
    .sort((a, b) => place(a) - place(b) || (a.name ?? '').localeCompare(b.name ?? ''));
  const ended = lines.filter(hasEnded).sort((a, b) => (b.endedAt ?? '').localeCompare(a.endedAt ?? ''));
  return { groups, ended };
}
