import { serveWriter } from '../../platform/objects/writer-thread.ts';
import { inspectHeader } from './inspection.ts';

/** Writes objects and reads the headers of what it has written. */
serveWriter(inspectHeader);
