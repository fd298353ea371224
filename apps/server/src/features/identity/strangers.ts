import type { Counter, Counters } from '../../platform/shared-state/index.ts';
import type { IdentityKeys } from './keys.ts';
import { inSlots } from './login-limits.ts';
import { networkOf } from './network.ts';
import type { Passwords } from './passwords.ts';

/** So often in a quarter of an hour one network may try secrets that open nothing: a hospital behind one address, but nobody who guesses. */
const IN_VAIN = { most: 30, seconds: 15 * 60 };

/** What counts for who shows a secret and has no account: as slow as passwords, in the turns of those who are new here. */
export interface Strangers {
  /** Fails with UNAVAILABLE when too many wait already. */
  hash(code: string): Promise<string>;
  matches(code: string, hash: string, ip: string): Promise<boolean>;
  /** Tries by the address that they come from; a whole network of IPv6 is one. */
  readonly tries: Counter;
}

export function createStrangers(passwords: Passwords, counters: Counters, { places }: Pick<IdentityKeys, 'places'>): Strangers {
  const { look, take, giveBack } = inSlots(counters('strangers', IN_VAIN.most, IN_VAIN.seconds), places);
  return {
    hash: (code) => passwords.hash(code),
    matches: (code, hash, ip) => passwords.verify(code, hash, { lane: 'new', source: networkOf(ip) }),
    tries: {
      look: (ip) => look(networkOf(ip)),
      take: (ip) => take(networkOf(ip)),
      giveBack: (ip) => giveBack(networkOf(ip)),
    },
  };
}
