import { inspectHeader } from './features/ingest/stage/inspection.ts';
import { serveWriter } from './platform/objects/disk/writer-thread.ts';

/** Writes objects and reads the headers of what it has written. */
serveWriter(inspectHeader);
