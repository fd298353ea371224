import { workerScript } from './platform/workers/worker-script.ts';

/** Code of the threads that write objects and read their headers: here, where the pipeline and the disk may both be known. */
export const stageScript = (): Promise<URL> => workerScript('stage.worker', './stage.worker.ts', import.meta.url);
