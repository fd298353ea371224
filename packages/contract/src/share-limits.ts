/** What the page needs of shares without their schemas. */
export const MOST_SHARED_STUDIES = 50;
export const MOST_SHARE_DAYS = 90;
