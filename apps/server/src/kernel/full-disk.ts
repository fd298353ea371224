const FULL = new Set<unknown>(['ENOSPC', 'EDQUOT']);

/** Whether a call on the file system failed for want of room, which may be there again later. */
export const isFull = (error: unknown): boolean => error instanceof Error && 'code' in error && FULL.has(error.code);
