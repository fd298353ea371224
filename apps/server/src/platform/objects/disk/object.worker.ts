import { serveWriter } from './writer-thread.ts';

/** Writes objects of any kind. */
serveWriter();
