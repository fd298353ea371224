import { z } from 'zod';
import { DicomUid, IdParams, Instant, ListQuery, listOf, Partition, Uuid } from './common.ts';
import { MOST_STUDIES } from './node-codes.ts';
import { CODES, NodeQuery, UsableNode } from './node-search.ts';
import { defineOperation } from './operation.ts';

export const TRANSFER_STATUSES = ['WAITING', 'RUNNING', 'DONE', 'PARTIAL', 'FAILED', 'CANCELLED'] as const;
/** Studies on their way from a node, or to it. */
export const Transfer = z.object({
  id: Uuid,
  kind: z.enum(['RETRIEVE', 'SEND']),
  node: z.object({ id: Uuid, name: z.string() }),
  status: z.enum(TRANSFER_STATUSES),
  /** Somebody has stopped it, and what is in hands comes to its end. */
  isStopping: z.boolean(),
  /** Why it failed, or failed last, as far as one reason is known for all of it. */
  code: z.enum(CODES).nullable(),
  studies: z.int(),
  /** Instances; null while it is not known how many there are. */
  total: z.int().nullable(),
  /** Kept here, or taken by the node. */
  done: z.int(),
  /** Of these, with a warning: kept aside for a person. */
  warned: z.int(),
  failed: z.int(),
  /** Who asked. */
  by: z.object({ id: Uuid, name: z.string() }).nullable(),
  createdAt: Instant,
  endedAt: Instant.nullable(),
  /** Of a sending that met nobody: when it is tried again. */
  nextTryAt: Instant.nullable(),
});
export type Transfer = z.infer<typeof Transfer>;
/** What is told of each study, or of each instance that did not go well. */
export const TransferItem = z.object({
  studyInstanceUid: z.string(),
  sopInstanceUid: z.string().nullable(),
  outcome: z.enum(['WAITING', 'DONE', 'WARNING', 'FAILED']),
  code: z.enum(CODES).nullable(),
  status: z.int().nullable(),
  /** The node's own words. */
  comment: z.string().nullable(),
});
export type TransferItem = z.infer<typeof TransferItem>;
export const TransferDetails = Transfer.extend({
  /** Those that did not go well, a hundred at most. */
  problems: z.array(TransferItem),
});
export type TransferDetails = z.infer<typeof TransferDetails>;

export const listUsableNodes = defineOperation({
  id: 'listUsableNodes',
  method: 'GET',
  path: '/api/nodes',
  tag: 'nodes',
  permission: 'studies.read',
  summary: 'DICOM nodes that one may search or send to',
  responses: { 200: z.object({ items: z.array(UsableNode) }) },
});
export const searchNode = defineOperation({
  id: 'searchNode',
  method: 'POST',
  path: '/api/nodes/{id}/search',
  tag: 'nodes',
  permission: 'nodes.query',
  identity: 'always',
  summary: 'Search a DICOM node (C-FIND, study root): server-sent events `study` as they are found, then `end`',
  params: IdParams,
  body: NodeQuery,
  responses: { 200: { stream: 'text/event-stream' } },
  errors: ['RATE_LIMITED'],
});
export const studiesHere = defineOperation({
  id: 'studiesHere',
  method: 'POST',
  path: '/api/nodes/here',
  tag: 'nodes',
  permission: 'nodes.query',
  identity: 'always',
  summary: 'What of some studies is here now, as far as one sees it: of what a search has found, after some of it was fetched',
  body: z.strictObject({ studyInstanceUids: z.array(DicomUid).min(1).max(500) }),
  responses: {
    200: z.object({ items: z.array(z.object({ studyInstanceUid: z.string(), instances: z.int(), groupId: Uuid.nullable() })) }),
  },
});
export const retrieveStudies = defineOperation({
  id: 'retrieveStudies',
  method: 'POST',
  path: '/api/nodes/{id}/retrievals',
  tag: 'nodes',
  permission: 'nodes.query',
  identity: 'always',
  summary: 'Fetch studies from a DICOM node (C-GET, or C-MOVE where it has none); needs `imports.create` too',
  params: IdParams,
  body: z.strictObject({
    studies: z
      .array(z.strictObject({ studyInstanceUid: DicomUid, instances: z.int().min(0).max(999_999_999).nullable().optional() }))
      .min(1)
      .max(MOST_STUDIES),
    /** Into which group; one’s own without it. */
    groupId: Uuid.nullable().optional(),
  }),
  responses: { 202: Transfer },
});
export const sendStudies = defineOperation({
  id: 'sendStudies',
  method: 'POST',
  path: '/api/nodes/{id}/sendings',
  tag: 'nodes',
  permission: 'studies.send',
  identity: 'always',
  summary: 'Send studies to a DICOM node (C-STORE)',
  params: IdParams,
  body: z.strictObject({
    studies: z
      .array(z.strictObject({ studyInstanceUid: DicomUid, groupId: Partition.optional() }))
      .min(1)
      .max(MOST_STUDIES),
  }),
  responses: { 202: Transfer },
  errors: ['OPEN_FOR_READING', 'AMBIGUOUS_UID', 'UNPROCESSABLE'],
});
const { limit, cursor } = ListQuery.shape;
export const listTransfers = defineOperation({
  id: 'listTransfers',
  method: 'GET',
  path: '/api/transfers',
  tag: 'nodes',
  permission: 'studies.read',
  summary: 'Studies on their way from and to DICOM nodes that one asked for, the newest first; administrators see everybody’s',
  query: z.strictObject({ limit, cursor }),
  responses: { 200: listOf(Transfer) },
});
export const getTransfer = defineOperation({
  id: 'getTransfer',
  method: 'GET',
  path: '/api/transfers/{id}',
  tag: 'nodes',
  permission: 'studies.read',
  summary: 'One transfer, and what of it did not go well',
  params: IdParams,
  responses: { 200: TransferDetails },
});
export const cancelTransfer = defineOperation({
  id: 'cancelTransfer',
  method: 'POST',
  path: '/api/transfers/{id}/cancel',
  tag: 'nodes',
  permission: 'studies.read',
  summary: 'Stop a transfer: what is kept or sent stays; needs what beginning one needs',
  params: IdParams,
  responses: { 200: Transfer },
});
export const retryTransfer = defineOperation({
  id: 'retryTransfer',
  method: 'POST',
  path: '/api/transfers/{id}/retry',
  tag: 'nodes',
  permission: 'studies.read',
  identity: 'always',
  summary: 'Try what failed or was not begun again; nothing else',
  params: IdParams,
  responses: { 202: Transfer },
  errors: ['CONFLICT'],
});
export const transferOperations = [
  listUsableNodes,
  studiesHere,
  searchNode,
  retrieveStudies,
  sendStudies,
  listTransfers,
  getTransfer,
  cancelTransfer,
  retryTransfer,
] as const;
