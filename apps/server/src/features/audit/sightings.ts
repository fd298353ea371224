import { type Actor, holderOf } from '../../access/index.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { AuditAction, AuditRecord } from './audit-rows.ts';
import { RENEW_AFTER_MS } from './uses.ts';

/** Patients whose rows a page of a list or a search is about to show. */
export interface Sighting {
  readonly action: AuditAction;
  readonly entityType: string;
  /** Ids of the patients' records, as often as there are rows. */
  readonly shown: readonly string[];
  /** Names of the filters that were set, never their values. */
  readonly filters: readonly string[];
  /** Where the whole list is of one patient. */
  readonly patientId?: string | null;
}

/** Sightings that are remembered, of all holders; who comes behind is noted again, which costs a row. */
const MOST_REMEMBERED = 200_000;

/**
 * Notes whom a list shows: one event for a page that shows somebody new. Who was shown to the same session by the same kind of list is not noted again for
 * 15 minutes, as with uses of images, so that a page which is read again and again costs the database nothing.
 */
export function createSightings(noteLightly: (event: AuditRecord) => Promise<void>, clock: Clock) {
  const seen = new Map<string, number>();

  const forget = (now: number): void => {
    // The oldest stand first.
    for (const [key, at] of seen) {
      if (now - at < RENEW_AFTER_MS && seen.size <= MOST_REMEMBERED) return;
      seen.delete(key);
    }
  };

  return async (actor: Actor, { shown, filters, ...event }: Sighting): Promise<void> => {
    const holder = `${holderOf(actor)} ${event.action} `;
    const now = clock.now().getTime();
    const fresh = [...new Set(shown)].filter((id) => now - (seen.get(holder + id) ?? Number.NEGATIVE_INFINITY) >= RENEW_AFTER_MS);
    if (fresh.length === 0) return;
    await noteLightly({ ...event, actor, shown: fresh, details: { filters: [...filters], results: shown.length } });
    for (const id of fresh) {
      seen.delete(holder + id);
      seen.set(holder + id, now);
    }
    if (seen.size > MOST_REMEMBERED) forget(now);
  };
}
