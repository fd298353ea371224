import type { DicomJsonObject } from '@negatoscope/dicom';
import { InflatedSpace } from '../../../platform/workers/inflated-space.ts';
import { inflatedText } from '../../../platform/workers/inflated-text.ts';
import { type ReadInWorker, serveTasks } from '../../../platform/workers/worker-side.ts';
import type { HeaderDigest } from '../types.ts';
import { described } from './described.ts';
import type { ParseTask } from './header.ts';
import { headerDigest } from './header-digest.ts';

async function digestOf(task: Extract<ParseTask, { kind: 'read' }>, read: ReadInWorker): Promise<HeaderDigest> {
  const { sizeBytes, maxInflatedBytes: maxBytes } = task;
  let inflated: InflatedSpace | undefined;
  try {
    const reader = headerDigest(sizeBytes, { maxHeaderBytes: task.maxHeaderBytes });
    let step = reader.next();
    while (!step.done) {
      const { space, offset, length, inflateFrom: from = 0 } = step.value;
      if (space === 'inflated') {
        inflated ??= new InflatedSpace({ read, from, sizeBytes, maxBytes });
        step = reader.next(await inflated.supply(offset));
      } else step = reader.next(await read(offset, length));
    }
    return step.value;
  } finally {
    await inflated?.close();
  }
}

serveTasks(async (posted, read) => {
  const task = posted as ParseTask; // Posted by header.ts and by nothing else.
  if (task.kind === 'read') return digestOf(task, read);
  const text = inflatedText(task.deflated).toString('utf8');
  return described(JSON.parse(text) as DicomJsonObject, task.sizeBytes); // Written by header-digest.ts.
});
