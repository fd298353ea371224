/** Where the page of archives shows what is on its way; as the hash of its address it is brought into sight. */
export const TRANSFERS_PLACE = 'transfers-title';
