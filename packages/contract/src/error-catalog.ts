import { type CatalogEntry, PAGE_ERRORS } from './errors.ts';
import { SHARE_CODES } from './share-codes.ts';

/**
 * Every error code that the API answers with, its HTTP status and its title in both languages. RFC 9457: `type` is `/errors/<code>` on the server itself.
 * What only who opens a link is told is none of the application's: it stands apart, and comes with none of its pages.
 */
export const ERROR_CATALOG = { ...PAGE_ERRORS, ...SHARE_CODES } as const satisfies Record<string, CatalogEntry>;

export type ErrorCode = keyof typeof ERROR_CATALOG;
export const ERROR_CODES = Object.keys(ERROR_CATALOG) as ErrorCode[];
