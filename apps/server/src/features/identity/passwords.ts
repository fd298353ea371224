import { randomBytes } from 'node:crypto';
import { hash as bcryptHash, verify as bcryptVerify } from '@node-rs/bcrypt';
import { Failure } from '../../kernel/failure.ts';
import { MOST_BYTES, normalisePassword } from './password-policy.ts';
import { createTurns, type Turn } from './turns.ts';

export interface Passwords {
  /** Fails with UNAVAILABLE when too many wait already. */
  hash(password: string): Promise<string>;
  /** Costs the same with no stored hash (unknown person) as with one. Fails with UNAVAILABLE when too many wait already. */
  verify(password: string, storedHash: string | undefined, turn: Turn): Promise<boolean>;
}

export interface PasswordOptions {
  /** bcrypt's cost: 12 is about a quarter of a second. */
  readonly cost: number;
  /** Computations at a time; the others wait. */
  readonly concurrency: number;
  /** How many may wait in each lane. */
  readonly queueLimit: number;
}

const RETRY_AFTER_SECONDS = 5;
/** New passwords are set by people who are signed in. */
const SETTING: Turn = { lane: 'known', source: 'new passwords' };

/** Password hashes: bcrypt of at most 72 bytes of NFC text, computed off the event loop, a few at a time. */
export function createPasswords(options: PasswordOptions): Passwords {
  const queued = createTurns({
    concurrency: options.concurrency,
    room: options.queueLimit,
    full: () => new Failure('UNAVAILABLE', { retryAfterSeconds: RETRY_AFTER_SECONDS }),
  });
  // Nobody's password: what an unknown person's attempt is compared with.
  let decoy: Promise<string> | undefined;
  const decoyHash = (): Promise<string> => {
    decoy ??= bcryptHash(randomBytes(24).toString('base64url'), { cost: options.cost });
    return decoy;
  };
  void decoyHash();
  return {
    hash: (password) =>
      queued(SETTING, () => bcryptHash(normalisePassword(password), { cost: options.cost, rejectLongPasswords: true })),
    verify: async (password, storedHash, turn) => {
      const text = normalisePassword(password);
      const known = storedHash !== undefined && Buffer.byteLength(text, 'utf8') <= MOST_BYTES;
      const against = known ? storedHash : await decoyHash();
      const equal = await queued(turn, () => bcryptVerify(text, against));
      return known && equal;
    },
  };
}
