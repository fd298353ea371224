import type { ReadTx } from '../../../platform/db/database.ts';

/** The keys of all projects, as they are sealed. The start reads it as the owner, and loads nothing else of this feature. */
export const SEALED_PROJECTS = 'SELECT id, sealed_key AS sealed FROM deid_projects';

/** Those that the actor sees: administrators see all. */
export const findSealedProjects = (tx: ReadTx) => tx.rows(SEALED_PROJECTS, []);
