import { PlaneSampler, Volume } from '../../model/volume.ts';
import type { VolumeAnswer, VolumeJob } from './messages.ts';

// One program holds the types of pages and of workers; this file runs as the latter.
const scope = self as unknown as DedicatedWorkerGlobalScope;

let volume: Volume | undefined;
let sampler: PlaneSampler | undefined;
let limit = 0;

function take(job: VolumeJob): void {
  if (job.kind === 'open') {
    volume = new Volume(job.grid);
    sampler = new PlaneSampler(volume);
    limit = job.limitBytes;
    return;
  }
  if (volume === undefined || sampler === undefined) return;
  if (job.kind === 'plane') {
    const values = sampler.sample(job.plane);
    scope.postMessage({ kind: 'plane', id: job.id, values } satisfies VolumeAnswer, [values.buffer]);
    return;
  }
  volume.put(job.index, job);
  if (volume.bytes <= limit) return;
  scope.postMessage({ kind: 'tooLarge', bytes: volume.bytes } satisfies VolumeAnswer);
  volume = undefined;
  sampler = undefined;
}

scope.addEventListener('message', ({ data }: MessageEvent<VolumeJob>) => take(data));
