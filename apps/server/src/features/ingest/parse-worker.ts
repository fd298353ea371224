import { serveTasks } from '../../platform/workers/worker-side.ts';
import type { ParseTask } from './header.ts';
import { digestHeader } from './header-digest.ts';
import { InflatedSpace } from './inflated-space.ts';

serveTasks(async (given, read) => {
  const task = given as ParseTask; // Posted by header.ts and by nothing else.
  let inflated: InflatedSpace | undefined;
  return digestHeader(
    task.sizeBytes,
    ({ space, offset, length, inflateFrom = 0 }) => {
      if (space === 'file') return read(offset, length);
      inflated ??= new InflatedSpace({ read, from: inflateFrom, sizeBytes: task.sizeBytes, maxBytes: task.maxInflatedBytes });
      return inflated.supply(offset);
    },
    task.maxHeaderBytes,
  );
});
