import { z } from 'zod';
import { Instant, Uuid } from './common.ts';
import { AeTitle, NodeHost, NodeName } from './node-address.ts';

export const NodeBody = z.strictObject({
  name: NodeName,
  aeTitle: AeTitle,
  /** From where it connects, and where it is asked unless it is a network. */
  host: NodeHost,
  port: z.int().min(1).max(65_535),
  /** Whether what it sends is stored. */
  mayStore: z.boolean(),
  /** Whether it may search what is of its group: identities are in what it finds. */
  mayQuery: z.boolean(),
  /** Whether it may have sent what is of its group, to itself or to another known node of that group. */
  mayRetrieve: z.boolean(),
  /** Whether the films that are asked for in its group are its worklist: identities are in what it is told. */
  mayWorklist: z.boolean(),
  /** Whether people may search it, and fetch studies from it. */
  mayBeAsked: z.boolean().default(false),
  /** Whether people may send studies to it. */
  takesStudies: z.boolean().default(false),
  /** Whether it speaks by TLS (PS3.15 B.9): it is asked so, and refused where it calls otherwise. */
  usesTls: z.boolean().default(false),
  /** SHA-256 of its certificate, where that is of no authority that is known here; colons are left out. */
  tlsFingerprint: z
    .string()
    .transform((text) => text.replaceAll(/[:\s]/g, '').toLowerCase())
    .pipe(z.string().regex(/^[0-9a-f]{64}$/))
    .nullable()
    .default(null),
  /** Of what it sends, finds and retrieves, and of who may use it; null is no group: everybody but researchers sees it. */
  groupId: Uuid.nullable(),
});
export type NodeBody = z.infer<typeof NodeBody>;

export const DicomNode = NodeBody.extend({
  id: Uuid,
  // What was taken under older rules is still shown.
  name: z.string(),
  aeTitle: z.string(),
  host: z.string(),
  tlsFingerprint: z.string().nullable(),
  version: z.int(),
  /** When it last associated; to ten seconds. */
  lastSeenAt: Instant.nullable(),
  updatedAt: Instant,
});
export type DicomNode = z.infer<typeof DicomNode>;
