/** What of a header is read on the event loop itself, some milliseconds: one beyond goes to a thread that can be ended. */
export const QUICK_HEADER = { maxHeaderBytes: 256 * 1024, maxElements: 2000 };
/** The same for a text of DICOM JSON. */
export const QUICK_TEXT_BYTES = 256 * 1024;

/** What a reader with quick limits fails with when a header is longer than these. */
export const isHeavyCode = (code: unknown): boolean => code === 'ELEMENT_LIMIT' || code === 'HEADER_TOO_LARGE';

/** Whether reading a header quickly found that it is none for the event loop. */
export const isHeavy = (error: unknown): boolean => error instanceof Error && 'code' in error && isHeavyCode(error.code);
