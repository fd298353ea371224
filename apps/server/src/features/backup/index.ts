export { isBackupLate, registerBackups } from './care.ts';
export { isBackupDue, lastBackup } from './due.ts';
export { backupFigures } from './figures.ts';
export { type BackupLog, type BackupProgress, noteRestored, openBackupLog, type Point } from './log.ts';
