import type { DicomJsonObject } from '@negatoscope/dicom';
import { inflatedText } from '../../../platform/workers/inflated-text.ts';
import { supplied } from '../../../platform/workers/supplied.ts';
import { type ReadInWorker, serveTasks } from '../../../platform/workers/worker-side.ts';
import type { HeaderDigest } from '../types.ts';
import { described } from './described.ts';
import type { ParseTask } from './header.ts';
import { headerDigest } from './header-digest.ts';

const digestOf = (task: Extract<ParseTask, { kind: 'read' }>, read: ReadInWorker): Promise<HeaderDigest> =>
  supplied(headerDigest(task.sizeBytes, { maxHeaderBytes: task.maxHeaderBytes }), {
    read,
    sizeBytes: task.sizeBytes,
    maxBytes: task.maxInflatedBytes,
  });

serveTasks(async (posted, read) => {
  const task = posted as ParseTask; // Posted by header.ts and by nothing else.
  if (task.kind === 'read') return digestOf(task, read);
  const text = inflatedText(task.deflated).toString('utf8');
  return described(JSON.parse(text) as DicomJsonObject, task.sizeBytes); // Written by header-digest.ts.
});
