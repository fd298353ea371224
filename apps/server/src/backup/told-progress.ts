import type { BackupProgress } from '../features/backup/index.ts';

/** Progress as it is told: the second round through the objects, which takes what came meanwhile, begins to count anew, and whoever watches does not. */
export function neverBack(): (progress: BackupProgress) => BackupProgress {
  let most = 0;
  return (progress) => {
    most = Math.max(most, progress.objects);
    return { ...progress, objects: most };
  };
}
