/**
 * A condition on rows of one group, or of none, and what tells its statement from that of the other kind. Rows of a group, or of none, whose id is parameter `$n`. Written so that an index over the column answers it (IS NOT DISTINCT FROM is none of its
 * operators): a row of another group is not even looked at, whose moment on the disk would tell that it is there.
 */
export const inGroup = <const C extends string, const N extends number>(column: C, groupId: string | null, n: N) =>
  groupId === null
    ? ({ where: `${column} IS NULL AND $${n}::uuid IS NULL`, kind: '' } as const)
    : ({ where: `${column} = $${n}::uuid`, kind: '-of-group' } as const);
