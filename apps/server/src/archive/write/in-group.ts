/** A condition on rows of one group, or of none, and what tells its statement from that of the other kind. */
interface InGroup {
  readonly where: string;
  readonly kind: string;
}

/**
 * Rows of a group, or of none, whose id is parameter `$n`. Written so that an index over the column answers it (IS NOT DISTINCT FROM is none of its
 * operators): a row of another group is not even looked at, whose moment on the disk would tell that it is there.
 */
export const inGroup = (column: string, groupId: string | null, n: number): InGroup =>
  groupId === null
    ? { where: `${column} IS NULL AND $${n}::uuid IS NULL`, kind: '' }
    : { where: `${column} = $${n}::uuid`, kind: '-of-group' };
