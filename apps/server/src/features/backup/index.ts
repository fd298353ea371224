export { isBackupLate, registerBackups } from './care.ts';
export { isBackupDue, lastBackup } from './due.ts';
export { BACKUP } from './job-kinds.ts';
export { type BackupLog, type BackupProgress, noteRestored, openBackupLog, type Point } from './log.ts';
