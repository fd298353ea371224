export { readerOf } from './embedded.ts';
export { keepBesideBackups } from './erasures.ts';
export { Manifests } from './manifest.ts';
export { openTarget, readKeyFile } from './open-target.ts';
export { restore } from './restore.ts';
export { type BackupResult, readKeep, runBackup } from './run.ts';
export { backUpWhenDue } from './scheduled.ts';
