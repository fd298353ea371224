import { createHmac } from 'node:crypto';

/** An event as the chain covers it: every column of its row. */
export interface ChainedEvent {
  readonly id: string;
  readonly occurred_at: Date;
  readonly action: string;
  readonly outcome: string;
  readonly actor_id: string | null;
  /** Of what no person did: `service:<name>`, `link:<id>`. */
  readonly actor: string | null;
  readonly session_id: string | null;
  readonly entity_type: string | null;
  readonly entity_id: string | null;
  readonly patient_id: string | null;
  readonly group_id: string | null;
  readonly ip: string | null;
  readonly details: Readonly<Record<string, unknown>>;
}

/** Before the first event stands this hash. */
export const GENESIS = Buffer.alloc(32);

/** Objects with their keys in order: jsonb gives them back in an order of its own. */
function stable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(stable);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, stable(inner)]),
  );
}

/** HMAC-SHA256 over the sequence number, the previous hash and the whole event; the key never stands in the database. */
export function linkHash(key: Buffer, sequence: number, previous: Buffer, event: ChainedEvent): Buffer {
  const content = JSON.stringify([
    sequence,
    event.id,
    event.occurred_at.toISOString(),
    event.action,
    event.outcome,
    event.actor_id,
    event.session_id,
    event.entity_type,
    event.entity_id,
    event.patient_id,
    event.group_id,
    event.ip,
    stable(event.details),
    // Events from before there was the column are linked without it, as they were.
    ...(event.actor === null ? [] : [event.actor]),
  ]);
  return createHmac('sha256', key).update(previous).update(content).digest();
}

/** Monthly segment of an event, `YYYY-MM` in UTC. */
export const segmentOf = (at: Date): string => at.toISOString().slice(0, 7);
