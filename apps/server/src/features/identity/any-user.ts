/** A row when there is a user. It stands alone, so that the supervisor may ask without loading how people sign in. */
export const ANY_USER = 'SELECT 1 FROM users LIMIT 1';
