export { claimTarget, installationOf } from './claim.ts';
export { getDocument, putDocument } from './documents.ts';
export { folderTarget } from './folder-target.ts';
export { LIST, OF_OBJECT, PART } from './index-file.ts';
export { PIECE_BYTES, Pieces, type Place, sha256 } from './pieces.ts';
export { prune } from './prune.ts';
export { newKey, openRepository, readKey, type UnlockedRepository, unlockRepository } from './repository-key.ts';
export type { BackupTarget } from './target.ts';
export { lockTarget } from './target-lock.ts';
