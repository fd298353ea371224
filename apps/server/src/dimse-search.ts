import { partition } from './access/index.ts';
import type { ArchiveReader } from './archive/doors.ts';
import { searchIndex } from './features/dicomweb/index.ts';
import type { Search } from './features/dimse/index.ts';

/** C-FIND as another way to ask what QIDO-RS asks. A node finds what is of its own group, or of none where it has none; never all there is. */
export const dimseSearch =
  (db: ArchiveReader): Search =>
  (groupId, query) =>
    searchIndex(db, partition(groupId), query);
