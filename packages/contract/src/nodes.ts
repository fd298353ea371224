import { z } from 'zod';
import { IdParams } from './common.ts';
import { DicomNode, NodeBody } from './dicom-node.ts';
import { ListenerState, listCallers, listNodeFigures, listNodeLog } from './node-log.ts';
import { defineOperation } from './operation.ts';

/** What nodes are to be told of this server, and whether it really listens; null where it is not to. */
const Listening = z.object({
  aeTitle: z.string(),
  host: z.string(),
  /** 0: by TLS only. */
  port: z.int(),
  tlsPort: z.int().nullable(),
  ...ListenerState.shape,
});

export const NODE_TRIALS = ['OK', 'NO_ADDRESS', 'UNREACHABLE', 'NO_TLS', 'NO_ANSWER', 'REFUSED', 'FAILED'] as const;
export const NodeTrial = z.object({
  /** `REFUSED`: it answers, and does not take associations of this server; `FAILED`: it answers otherwise than DICOM has it. */
  outcome: z.enum(NODE_TRIALS),
  /** Why it refused, as far as it said. */
  reason: z.enum(['CALLING_AET', 'CALLED_AET', 'BUSY']).nullable(),
  ms: z.int(),
});
export type NodeTrial = z.infer<typeof NodeTrial>;

export const listNodes = defineOperation({
  id: 'listNodes',
  method: 'GET',
  path: '/api/system/nodes',
  tag: 'system',
  permission: 'system.manage',
  summary: 'Known DICOM nodes (PS3.8), and where this server listens',
  responses: { 200: z.object({ items: z.array(DicomNode), listening: Listening.nullable() }) },
});
export const createNode = defineOperation({
  id: 'createNode',
  method: 'POST',
  path: '/api/system/nodes',
  tag: 'system',
  permission: 'system.manage',
  summary: 'Make a DICOM node known',
  body: NodeBody,
  responses: { 201: DicomNode },
  errors: ['NAME_TAKEN', 'UNPROCESSABLE'],
});
export const updateNode = defineOperation({
  id: 'updateNode',
  method: 'PUT',
  path: '/api/system/nodes/{id}',
  tag: 'system',
  permission: 'system.manage',
  summary: 'Change what is known of a DICOM node',
  params: IdParams,
  body: NodeBody.extend({ version: z.int() }),
  responses: { 200: DicomNode },
  errors: ['NAME_TAKEN', 'STALE_UPDATE', 'UNPROCESSABLE'],
});
export const removeNode = defineOperation({
  id: 'removeNode',
  method: 'DELETE',
  path: '/api/system/nodes/{id}',
  tag: 'system',
  permission: 'system.manage',
  summary: 'Take a DICOM node away: it is refused from then on',
  params: IdParams,
  responses: { 204: null },
});
export const restoreNode = defineOperation({
  id: 'restoreNode',
  method: 'POST',
  path: '/api/system/nodes/{id}/restore',
  tag: 'system',
  permission: 'system.manage',
  summary: 'Take the removal of a DICOM node back',
  params: IdParams,
  responses: { 200: DicomNode },
  errors: ['NAME_TAKEN'],
});
export const tryNode = defineOperation({
  id: 'tryNode',
  method: 'POST',
  path: '/api/system/nodes/{id}/echo',
  tag: 'system',
  permission: 'system.manage',
  summary: 'Ask a DICOM node for an echo (C-ECHO, PS3.7 9.1.5)',
  params: IdParams,
  responses: { 200: NodeTrial },
});
export const nodeOperations = [
  listNodes,
  createNode,
  updateNode,
  removeNode,
  restoreNode,
  tryNode,
  listNodeLog,
  listCallers,
  listNodeFigures,
] as const;
