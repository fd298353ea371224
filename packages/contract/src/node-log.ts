import { z } from 'zod';
import { IdParams, Instant, ListQuery, LocalDate, listOf, Uuid } from './common.ts';
import { FILE_REASON_CODES } from './file-reasons.ts';
import { NODE_EVENT_CODES, type NodeEventCode } from './node-codes.ts';
import { defineOperation } from './operation.ts';

/** What happens with a DICOM node. `RETRIEVE` is C-GET and C-MOVE, `STEP` is MPPS. */
export const NODE_EVENT_KINDS = [
  'ASSOCIATION',
  'ECHO',
  'STORE',
  'QUERY',
  'RETRIEVE',
  'SEND',
  'COMMITMENT',
  'WORKLIST',
  'STEP',
  'OTHER',
] as const;
export type NodeEventKind = (typeof NODE_EVENT_KINDS)[number];

export const NODE_EVENT_OUTCOMES = ['OK', 'WARNING', 'FAILED', 'REFUSED', 'CANCELLED'] as const;
export type NodeEventOutcome = (typeof NODE_EVENT_OUTCOMES)[number];

const CODES = [...Object.keys(NODE_EVENT_CODES), ...FILE_REASON_CODES] as [NodeEventCode, ...NodeEventCode[]];

/** Events that were alike within ten minutes, added up. */
export const NodeEventEntry = z.object({
  id: Uuid,
  kind: z.enum(NODE_EVENT_KINDS),
  /** This server asked; else the node. */
  isOurs: z.boolean(),
  outcome: z.enum(NODE_EVENT_OUTCOMES),
  code: z.enum(CODES).nullable(),
  /** Of the answer (PS3.7 annex C). */
  status: z.int().nullable(),
  firstAt: Instant,
  lastAt: Instant,
  times: z.int(),
  /** Instances, or matches of queries. */
  done: z.int(),
  warned: z.int(),
  failed: z.int(),
  bytes: z.int(),
  /** How long they took in all. */
  ms: z.int(),
  /** SOP Instance UIDs of what was not kept as it came, ten at most. */
  instanceUids: z.array(z.string()),
});
export type NodeEventEntry = z.infer<typeof NodeEventEntry>;

/** Who was sent away and is no known node; titles as they were said, empty where a connection was closed before. */
export const UnknownCaller = z.object({
  address: z.string(),
  callingAet: z.string(),
  calledAet: z.string(),
  code: z.enum(CODES),
  firstAt: Instant,
  lastAt: Instant,
  times: z.int(),
});
export type UnknownCaller = z.infer<typeof UnknownCaller>;

/** What the process that listens says of itself; `SILENT` says nothing: it is not there, or has no database. */
export const ListenerState = z.object({
  state: z.enum(['LISTENING', 'CANNOT_LISTEN', 'SILENT']),
  /** Why it can't, as the operating system names it: `EADDRINUSE`. */
  trouble: z.string().nullable(),
  connections: z.int(),
  associations: z.int(),
  /** Connections that were closed because there were too many, since it began. */
  turnedAway: z.int(),
  startedAt: Instant.nullable(),
});
export type ListenerState = z.infer<typeof ListenerState>;

const { limit, cursor } = ListQuery.shape;
export const listNodeLog = defineOperation({
  id: 'listNodeLog',
  method: 'GET',
  path: '/api/system/nodes/{id}/log',
  tag: 'system',
  permission: 'system.manage',
  summary: 'What happened with a DICOM node, the newest first: refused associations, echoes, instances, queries, transfers',
  params: IdParams,
  query: z.strictObject({ limit, cursor }),
  responses: { 200: listOf(NodeEventEntry) },
});
export const listCallers = defineOperation({
  id: 'listCallers',
  method: 'GET',
  path: '/api/system/node-callers',
  tag: 'system',
  permission: 'system.manage',
  summary: 'Who asked for an association and is no known DICOM node',
  responses: { 200: z.object({ items: z.array(UnknownCaller) }) },
});

/** What was counted of a node, added up over days (UTC). Of associations `done` were accepted and `failed` refused or broken off. */
export const NodeFigure = z.object({
  nodeId: Uuid,
  kind: z.enum(NODE_EVENT_KINDS),
  isOurs: z.boolean(),
  times: z.int(),
  done: z.int(),
  warned: z.int(),
  failed: z.int(),
  bytes: z.int(),
});
export type NodeFigure = z.infer<typeof NodeFigure>;
export const listNodeFigures = defineOperation({
  id: 'listNodeFigures',
  method: 'GET',
  path: '/api/system/node-figures',
  tag: 'system',
  permission: 'system.manage',
  summary: 'Associations, instances, refusals and bytes by DICOM node, of some days; kept for 400',
  query: z.strictObject({ days: z.coerce.number().int().min(1).max(400).default(30) }),
  responses: {
    200: z.object({
      since: LocalDate,
      items: z.array(NodeFigure),
      /** Associations of unknown callers, and connections that were closed, as far as they are still listed. */
      sentAway: z.int(),
    }),
  },
});
