import { uuidv7 } from 'uuidv7';

/** Time-ordered random id (RFC 9562 version 7) in its lower-case text form. */
export const newId = (): string => uuidv7();
