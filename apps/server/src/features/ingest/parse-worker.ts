import { InflatedSpace } from '../../platform/workers/inflated-space.ts';
import { serveTasks } from '../../platform/workers/worker-side.ts';
import type { ParseTask } from './header.ts';
import { headerDigest } from './header-digest.ts';

serveTasks(async (given, read) => {
  const task = given as ParseTask; // Posted by header.ts and by nothing else.
  const open = (from: number): InflatedSpace =>
    new InflatedSpace({ read, from, sizeBytes: task.sizeBytes, maxBytes: task.maxInflatedBytes });
  let inflated: InflatedSpace | undefined;
  const reader = headerDigest(task.sizeBytes, { maxHeaderBytes: task.maxHeaderBytes });
  let step = reader.next();
  while (!step.done) {
    const { space, offset, length, inflateFrom = 0 } = step.value;
    if (space === 'inflated') {
      inflated ??= open(inflateFrom);
      step = reader.next(await inflated.supply(offset));
    } else step = reader.next(await read(offset, length));
  }
  return step.value;
});
