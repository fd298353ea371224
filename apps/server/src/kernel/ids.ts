import { uuidv7 } from 'uuidv7';

/** Time-ordered random id (RFC 9562 version 7) in its lower-case text form. */
export const newId = (): string => uuidv7();

/** The one pattern of a UUID as this server writes them, in lower case, to be part of others (test/one-of-each.test.ts finds others). */
export const ID_PATTERN = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';

/** A UUID as this server writes them. */
export const ID = new RegExp(`^${ID_PATTERN}$`);

/** Whether a text is a UUID as anybody may write it. */
export const isUuid = (text: string): boolean => ID.test(text.toLowerCase());
