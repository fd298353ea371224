import { randomBytes } from 'node:crypto';
import { hash as bcryptHash, verify as bcryptVerify } from '@node-rs/bcrypt';
import { Failure } from '../../kernel/failure.ts';
import { MOST_BYTES, normalisePassword } from './password-policy.ts';

export interface Passwords {
  /** Fails with UNAVAILABLE when too many wait already. */
  hash(password: string): Promise<string>;
  /** Costs the same with no stored hash (unknown person) as with one. Fails with UNAVAILABLE when too many wait already. */
  verify(password: string, storedHash: string | undefined): Promise<boolean>;
}

export interface PasswordOptions {
  /** bcrypt's cost: 12 is about a quarter of a second. */
  readonly cost: number;
  /** Computations at a time; the others wait. */
  readonly concurrency: number;
  readonly queueLimit: number;
}

const RETRY_AFTER_SECONDS = 5;

/** Runs at most `concurrency` computations at a time and lets at most `queueLimit` wait. */
function createQueue({ concurrency, queueLimit }: PasswordOptions) {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (running >= concurrency) {
      if (waiting.length >= queueLimit) throw new Failure('UNAVAILABLE', { retryAfterSeconds: RETRY_AFTER_SECONDS });
      // The one who leaves hands its place over, so `running` stays as it is.
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else running += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}

/** Password hashes: bcrypt of at most 72 bytes of NFC text, computed off the event loop, a few at a time. */
export function createPasswords(options: PasswordOptions): Passwords {
  const queued = createQueue(options);
  // Nobody's password: what an unknown person's attempt is compared with.
  let decoy: Promise<string> | undefined;
  const decoyHash = (): Promise<string> => {
    decoy ??= bcryptHash(randomBytes(24).toString('base64url'), { cost: options.cost });
    return decoy;
  };
  void decoyHash();
  return {
    hash: (password) => queued(() => bcryptHash(normalisePassword(password), { cost: options.cost, rejectLongPasswords: true })),
    verify: async (password, storedHash) => {
      const text = normalisePassword(password);
      const known = storedHash !== undefined && Buffer.byteLength(text, 'utf8') <= MOST_BYTES;
      const against = known ? storedHash : await decoyHash();
      const equal = await queued(() => bcryptVerify(text, against));
      return known && equal;
    },
  };
}
