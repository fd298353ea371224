export type { BackupFigures, Figures } from './installation.ts';
export { createMetrics, type Metrics } from './metrics.ts';
export { readReplication } from './replication.ts';
export { superviseMetrics } from './supervised.ts';
