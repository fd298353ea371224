import { z } from 'zod';
import { Instant, Uuid } from './common.ts';
import { isNarrow } from './networks.ts';

/** PS3.5 6.2, VR AE: printable, no backslash; spaces around it mean nothing. `*` is what others write for every title. */
export const AeTitle = z
  .string()
  .trim()
  .regex(/^[\x20-\x5b\x5d-\x7e]{1,16}$/)
  .refine((title) => title !== '*');

const HOST_NAME = /^(?!\d+(\.\d+)*$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/;
/** An address, a network (`10.1.2.0/24`) that is not wider than one may be, or a host name. */
export const NodeHost = z
  .string()
  .trim()
  .toLowerCase()
  .max(253)
  .pipe(z.union([z.ipv4(), z.ipv6(), z.cidrv4().refine(isNarrow), z.cidrv6().refine(isNarrow), z.string().regex(HOST_NAME)]));

/** Breaks of lines, characters that nobody sees, and those that turn around what stands beside them. */
const HIDDEN = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]/u;
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u;
const NodeName = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .refine((name) => VISIBLE.test(name) && !HIDDEN.test(name));

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
