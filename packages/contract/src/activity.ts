import { z } from 'zod';
import { Partition, Uuid } from './common.ts';
import { defineOperation } from './operation.ts';
import { Count, Turnaround } from './rates.ts';
import { Day, TimeZone } from './statistics-query.ts';
import { URGENCIES } from './work-shapes.ts';

export const STEPS = ['DAY', 'WEEK', 'MONTH'] as const;
export const Step = z.enum(STEPS);
export type Step = z.infer<typeof Step>;

/** Both days are within; the last 30 days without. Without a step, days up to two months, weeks up to half a year, else months. */
export const ActivityQuery = z.strictObject({
  from: Day.optional(),
  to: Day.optional(),
  step: Step.optional(),
  timeZone: TimeZone,
  site: Partition.optional(),
  /** Studies that have this modality among theirs. */
  modality: z
    .string()
    .regex(/^[A-Z0-9_ ]{1,16}$/)
    .optional(),
});
const FILTERED = { method: 'GET', tag: 'statistics', permission: 'statistics.read', query: ActivityQuery } as const;
const CSV = { 200: { stream: 'text/csv' } } as const;
const Period = { from: z.string(), to: z.string(), step: Step };

/** Studies, their instances and the bytes of these. */
export const Arrived = z.object({ studies: Count, instances: Count, bytes: Count });
export type Arrived = z.infer<typeof Arrived>;
export const ArrivedRow = Arrived.extend({
  /** Of a period its first day, a modality, a group's id or `none`, a referrer as written. */
  key: z.string(),
  /** Of a group; null of what is in none, and of what somebody imported for themselves. */
  name: z.string().nullable(),
});
export type ArrivedRow = z.infer<typeof ArrivedRow>;

export const ArrivalStatistics = z.object({
  ...Period,
  total: Arrived,
  /** Each with its studies by modality; a study of two modalities counts in both. */
  periods: z.array(ArrivedRow.extend({ modalities: z.record(z.string(), Count) })),
  /** The most frequent first. */
  modalities: z.array(ArrivedRow),
  groups: z.array(ArrivedRow),
  /** Null for who may not see who is who. */
  referrers: z
    .object({
      /** The twenty that sent most, as ReferringPhysicianName (0008,0090) was written. */
      top: z.array(ArrivedRow),
      /** All others together, how many they are, and studies that name nobody. */
      others: Count,
      othersStudies: Count,
      nobody: Count,
    })
    .nullable(),
});
export type ArrivalStatistics = z.infer<typeof ArrivalStatistics>;
export const arrivalStatistics = defineOperation({
  ...FILTERED,
  id: 'arrivalStatistics',
  path: '/api/stats/arrivals',
  summary: 'Studies received, in scope, by period, modality, group and referrer; referrers only with patients.identity',
  responses: { 200: ArrivalStatistics },
  errors: ['UNPROCESSABLE'],
});
export const exportArrivalStatistics = defineOperation({
  ...FILTERED,
  id: 'exportArrivalStatistics',
  path: '/api/stats/arrivals/csv',
  summary: 'The same as CSV: one line for each row',
  responses: CSV,
  errors: ['UNPROCESSABLE'],
});

/** What one waits for: the images after the examination, the first look after they came, the signed report after they came. */
export const DELAYS = ['ACQUIRED_TO_ARRIVED', 'ARRIVED_TO_OPENED', 'ARRIVED_TO_REPORTED'] as const;
export const Delay = z.enum(DELAYS);
export type Delay = z.infer<typeof Delay>;
/** What delays are told apart by. */
export const DELAYS_BY = ['PERIOD', 'MODALITY', 'URGENCY', 'READER'] as const;
export const DelayRow = Turnaround.extend({
  delay: Delay,
  by: z.enum(['TOTAL', ...DELAYS_BY]),
  /** Of a period its first day, a modality, an urgency, a person's id; empty of the total. */
  key: z.string(),
  /** Of a person. */
  name: z.string().nullable(),
});
export type DelayRow = z.infer<typeof DelayRow>;
export const OPEN_HOURS = [24, 72, 168, 720] as const;

export const DelayStatistics = z.object({
  ...Period,
  /** The first day of each step. */
  starts: z.array(z.string()),
  /** A delay is of the period in which it ended. By reader to who manages people; to others their own. */
  rows: z.array(DelayRow),
  /** Studies that arrived before they were made, by the clocks of either side: they count in no delay. */
  impossible: Count,
  /** What waits for a reader now, whatever the period: of each urgency all, and those that arrived longer ago than each of `OPEN_HOURS`. */
  open: z.array(z.object({ urgency: z.enum(URGENCIES), all: Count, older: z.array(z.object({ hours: Count, studies: Count })) })),
});
export type DelayStatistics = z.infer<typeof DelayStatistics>;
export const delayStatistics = defineOperation({
  ...FILTERED,
  id: 'delayStatistics',
  path: '/api/stats/delays',
  summary:
    'How long studies took to arrive, to be opened and to be reported, in scope: median and 90th percentile by period, modality, urgency and reader; what is still open',
  responses: { 200: DelayStatistics },
  errors: ['UNPROCESSABLE'],
});
export const exportDelayStatistics = defineOperation({
  ...FILTERED,
  id: 'exportDelayStatistics',
  path: '/api/stats/delays/csv',
  summary: 'The same as CSV: one line for each row',
  responses: CSV,
  errors: ['UNPROCESSABLE'],
});

export const ActivityPerson = z.object({
  id: Uuid,
  /** Null of an account that is gone. */
  name: z.string().nullable(),
  role: z.string().nullable(),
  /** Studies opened to be read, validated, reports signed, amended; studies imported; times that images or records left in their hands. */
  opened: Count,
  read: Count,
  reported: Count,
  amended: Count,
  imported: Count,
  exported: Count,
});
export type ActivityPerson = z.infer<typeof ActivityPerson>;
export const PeopleStatistics = z.object({ from: z.string(), to: z.string(), people: z.array(ActivityPerson) });
export type PeopleStatistics = z.infer<typeof PeopleStatistics>;
const PEOPLE = {
  method: 'GET',
  tag: 'statistics',
  permission: 'users.manage',
  query: ActivityQuery.pick({ from: true, to: true, timeZone: true }),
} as const;
export const peopleStatistics = defineOperation({
  ...PEOPLE,
  id: 'peopleStatistics',
  path: '/api/stats/people',
  summary: 'What each person read, reported, imported and exported, by the audit log',
  responses: { 200: PeopleStatistics },
  errors: ['UNPROCESSABLE'],
});
export const exportPeopleStatistics = defineOperation({
  ...PEOPLE,
  id: 'exportPeopleStatistics',
  path: '/api/stats/people/csv',
  summary: 'The same as CSV: one line for each person',
  responses: CSV,
  errors: ['UNPROCESSABLE'],
});

export const activityOperations = [
  arrivalStatistics,
  exportArrivalStatistics,
  delayStatistics,
  exportDelayStatistics,
  peopleStatistics,
  exportPeopleStatistics,
] as const;
