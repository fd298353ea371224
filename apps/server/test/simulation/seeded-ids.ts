import type { Prng } from '@negatoscope/testkit';

// Nothing is imported from it but types: it stands in for modules that the generator itself needs.
let prng: Pick<Prng, 'integer'> | undefined;
let now = (): number => 0;

/** From now on ids and random names come from this generator, and the time in an id from this clock: a seed replays exactly. */
export function seedIds(generator: Pick<Prng, 'integer'>, clock: () => number): void {
  prng = generator;
  now = clock;
}

function randomBytes(length: number): Buffer {
  if (prng === undefined) throw new Error('No schedule runs.');
  const bytes = Buffer.alloc(length);
  for (let at = 0; at < length; at += 1) bytes[at] = prng.integer(0, 255);
  return bytes;
}

/** RFC 9562 version 7. */
function newId(): string {
  const hex = now().toString(16).padStart(12, '0') + randomBytes(10).toString('hex');
  return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, '$1-$2-7$3-8$4-$5');
}

/** In place of node:crypto. */
export const seededCrypto = async (original: () => Promise<object>): Promise<object> => ({ ...(await original()), randomBytes });
/** In place of kernel/ids.ts. */
export const seededKernelIds = async (original: () => Promise<object>): Promise<object> => ({ ...(await original()), newId });
