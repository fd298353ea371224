import type { ReadTx } from '../../../platform/db/database.ts';
import type { FollowedEvent } from '../following/places.ts';
import * as repository from './repository.ts';
import type { WarnRules } from './rules.ts';

const HOUR_MS = 3_600_000;
/** Of one night, from its evening on. */
const NIGHT_MS = 14 * HOUR_MS;

/** By these images or whole records leave in a person's hands; what is looked at page by page is not one of them. */
export const TAKEN_OUT: readonly string[] = [
  'patient.exported',
  'patient.handed-over',
  'study.export',
  'study.file',
  'study.retrieve',
  'study.send',
  'study.sent',
  'fhir.everything',
];

/** The latest event of each half hour of each person: at these moments it is counted. */
function moments(events: readonly FollowedEvent[], isOf: (event: FollowedEvent) => boolean): FollowedEvent[] {
  const latest = new Map<string, FollowedEvent>();
  for (const event of events)
    if (event.actor_id !== null && isOf(event))
      latest.set(`${event.actor_id} ${Math.floor(event.occurred_at.getTime() / (HOUR_MS / 2))}`, event);
  return [...latest.values()];
}

interface Counting {
  readonly rule: repository.Rule;
  readonly most: number;
  readonly spanMs: number;
  readonly isOf: (event: FollowedEvent) => boolean;
  readonly count: (actorId: string, from: Date, to: Date) => Promise<{ amount: number; first_at: Date | null } | undefined>;
}

async function counted(tx: ReadTx, events: readonly FollowedEvent[], of: Counting): Promise<repository.Finding[]> {
  const found: repository.Finding[] = [];
  for (const { id, actor_id: actorId, occurred_at: to } of moments(events, of.isOf)) {
    if (actorId === null) continue;
    // What somebody has looked at is over: only what came after it counts.
    const looked = await repository.findAcknowledged(tx, of.rule, actorId, null);
    const from = new Date(Math.max(to.getTime() - of.spanMs, looked?.last_at.getTime() ?? 0));
    const row = await of.count(actorId, from, to);
    if (row === undefined || row.amount < of.most) continue;
    found.push({
      ...{ rule: of.rule, actorId, patientId: null, eventId: id, firstAt: row.first_at ?? to, lastAt: to, amount: row.amount },
    });
  }
  return found;
}

/** `HH:MM` of a moment, as the clocks of the site show it. */
const clockOf = (at: Date, timeZone: string): string =>
  new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at);

/** Whether a moment is outside the hours; those that go over midnight (`20:00-06:00`) are meant so. */
function isOutside(at: string, { from, to }: { readonly from: string; readonly to: string }): boolean {
  return from <= to ? at < from || at >= to : at < from && at >= to;
}

/** Whom these events make somebody to be warned of by how many there are. */
export async function findCounted(
  tx: ReadTx,
  events: readonly FollowedEvent[],
  { exportsAnHour, deniedAnHour, hours, patientsAtNight, timeZone }: WarnRules,
): Promise<repository.Finding[]> {
  const found: repository.Finding[] = [];
  if (deniedAnHour !== undefined)
    found.push(
      ...(await counted(tx, events, {
        ...{ rule: 'DENIED', most: deniedAnHour, spanMs: HOUR_MS },
        isOf: ({ outcome }) => outcome === 'DENIED',
        count: (actorId, from, to) => repository.countDenied(tx, actorId, from, to),
      })),
    );
  if (exportsAnHour !== undefined)
    found.push(
      ...(await counted(tx, events, {
        ...{ rule: 'MASS_EXPORT', most: exportsAnHour, spanMs: HOUR_MS },
        isOf: ({ action, outcome }) => outcome === 'SUCCESS' && TAKEN_OUT.includes(action),
        count: (actorId, from, to) => repository.countPatients(tx, actorId, TAKEN_OUT, from, to),
      })),
    );
  if (hours !== undefined)
    found.push(
      ...(await counted(tx, events, {
        ...{ rule: 'NIGHT', most: patientsAtNight, spanMs: NIGHT_MS },
        isOf: ({ occurred_at: at, outcome, patient_id: patient }) =>
          outcome === 'SUCCESS' && patient !== null && isOutside(clockOf(at, timeZone), hours),
        count: (actorId, from, to) => repository.countAtNight(tx, actorId, { timeZone, ...hours }, [from, to]),
      })),
    );
  return found;
}
