import type { Db } from '../platform/db/database.ts';

/**
 * The door for whoever reads patients, studies, series and instances: its transactions hand out a `ReadTx`, which no function of the archive that
 * changes something takes, and PostgreSQL keeps them from writing whatever a statement says.
 */
export type ArchiveReader = Pick<Db, 'reading' | 'asking'>;

/** The door for whoever changes them: also transactions whose `Tx` the functions of `write` and `lifecycle` take. */
export type ArchiveWriter = ArchiveReader & Pick<Db, 'withScope'>;
