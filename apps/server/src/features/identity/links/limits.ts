import type { KeyObject } from 'node:crypto';
import type { Counter, Counters } from '../../../platform/shared-state/index.ts';
import { inSlots } from '../login-limits.ts';

/** For all processes that share the counters; what strangers choose is counted in slots, as at signing in. */
export interface LinkLimits {
  /** Requests of one network that show a link, or ask for one. */
  readonly byNetwork: Counter;
  /** Mails to one address; one that nobody has is counted like others. */
  readonly byAddress: Counter;
}

export const createLinkLimits = (counters: Counters, key: KeyObject): LinkLimits => ({
  byNetwork: inSlots(counters('links', 60, 15 * 60), key),
  byAddress: inSlots(counters('mails', 3, 3600), key),
});
