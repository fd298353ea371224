export { createMetrics, type Figures, type Metrics } from './metrics.ts';
export { superviseMetrics } from './supervised.ts';
