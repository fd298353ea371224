import type { EnsureFirstAdmin } from './first-run.ts';

/** Where the identity feature is joined to the start. Until it is, nobody is made. */
export const ensureFirstAdmin: EnsureFirstAdmin = async () => undefined;
