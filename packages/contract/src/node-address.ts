import { z } from 'zod';
import { isNarrow } from './networks.ts';
import { UNSEEN } from './unseen.ts';

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
const HIDDEN = new RegExp(`[\\p{Cc}\\p{Zl}\\p{Zp}${UNSEEN}]`, 'u');
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u;
export const NodeName = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .refine((name) => VISIBLE.test(name) && !HIDDEN.test(name));
