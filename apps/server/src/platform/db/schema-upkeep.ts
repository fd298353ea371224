import { sql } from 'drizzle-orm';
import { bigint, boolean, integer, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';

/** Tables of the server's own upkeep: objects that are damaged or on their way out, archives that wait, the reading of all objects. */

export const damagedObjects = pgTable('damaged_objects', {
  id: uuid('id').primaryKey(),
  kind: text('kind').notNull(),
  reason: text('reason').notNull(),
  foundAt: timestamp('found_at', { withTimezone: true }).notNull().default(sql`DEFAULT`),
});

export const importSpools = pgTable('import_spools', {
  id: uuid('id').primaryKey(),
  importId: uuid('import_id').notNull(),
  place: integer('place').notNull(),
  name: text('name').notNull(),
  sizeBytes: bigint('size_bytes', { mode: 'number' }).notNull(),
  permissions: text('permissions').array().notNull(),
});

export const retiredObjects = pgTable('retired_objects', {
  id: uuid('id').primaryKey(),
  retiredAt: timestamp('retired_at', { withTimezone: true }).notNull().default(sql`DEFAULT`),
});

export const scrubState = pgTable('scrub_state', {
  single: boolean('single').primaryKey().default(sql`DEFAULT`),
  startedAt: timestamp('started_at', { withTimezone: true }).notNull(),
  position: uuid('position'),
  objects: bigint('objects', { mode: 'number' }).notNull().default(sql`DEFAULT`),
  bytes: bigint('bytes', { mode: 'number' }).notNull().default(sql`DEFAULT`),
  damaged: integer('damaged').notNull().default(sql`DEFAULT`),
  busyMs: bigint('busy_ms', { mode: 'number' }).notNull().default(sql`DEFAULT`),
  awakeMs: bigint('awake_ms', { mode: 'number' }).notNull().default(sql`DEFAULT`),
  totalObjects: bigint('total_objects', { mode: 'number' }).notNull(),
  lastFinishedAt: timestamp('last_finished_at', { withTimezone: true }),
  lastStartedAt: timestamp('last_started_at', { withTimezone: true }),
  lastObjects: bigint('last_objects', { mode: 'number' }),
  lastBytes: bigint('last_bytes', { mode: 'number' }),
  lastBusyMs: bigint('last_busy_ms', { mode: 'number' }),
  lastAwakeMs: bigint('last_awake_ms', { mode: 'number' }),
});
