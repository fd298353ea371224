/** What the page needs of shares without their schemas. */

/** `CLOSED`: by too many wrong codes. `LOST`: its author may share no more, or sees none of its studies; it may come back to OPEN. */
export const SHARE_STATES = ['OPEN', 'WITHDRAWN', 'EXPIRED', 'USED_UP', 'CLOSED', 'LOST'] as const;
export const MOST_SHARED_STUDIES = 50;
export const MOST_SHARE_DAYS = 90;
