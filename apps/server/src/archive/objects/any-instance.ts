/** Finds a row when anything is stored. */
export const ANY_INSTANCE = 'SELECT FROM instances LIMIT 1';
