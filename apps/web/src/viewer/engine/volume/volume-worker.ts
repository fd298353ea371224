import type { FrameValues } from '@negatoscope/dicom';
import type { PlaneRequest } from '../../model/volume.ts';
import type { VolumeGrid } from '../../model/volume-geometry.ts';
import type { VolumeAnswer, VolumeJob } from './messages.ts';

interface Asked {
  readonly plane: PlaneRequest;
  readonly resolve: (values: Float32Array<ArrayBuffer> | undefined) => void;
}

export interface VolumeWorkerEvents {
  /** The volume is gone: it needs more memory than it may have, or the worker has ended. */
  readonly onLost: (why: 'tooLarge' | 'failed', bytes?: number) => void;
}

/** A volume, in a worker of its own: it goes with all its memory when that is ended. */
export class VolumeWorker {
  readonly #worker: Worker;
  readonly #events: VolumeWorkerEvents;
  readonly #waiting = new Map<string, Asked>();
  #busy: { readonly id: number; readonly key: string; readonly asked: Asked } | undefined;
  #count = 0;
  #isClosed = false;

  constructor(grid: VolumeGrid, limitBytes: number, events: VolumeWorkerEvents) {
    this.#events = events;
    this.#worker = new Worker(new URL('./volume.worker.ts', import.meta.url), { type: 'module' });
    this.#worker.addEventListener('message', ({ data }: MessageEvent<VolumeAnswer>) => this.#onAnswer(data));
    this.#worker.addEventListener('error', () => this.#lose('failed'));
    this.#post({ kind: 'open', grid, limitBytes });
  }

  /** Gives the values of a slice away. */
  put(index: number, { values, padding }: Pick<FrameValues, 'values' | 'padding'>): void {
    const buffers = [values.buffer, ...(padding === undefined ? [] : [padding.buffer])].filter(
      (buffer) => buffer instanceof ArrayBuffer,
    );
    this.#post({ kind: 'slice', index, values, padding }, buffers);
  }

  /** A picture; undefined for one that was overtaken by another of the same name, or when the volume is gone. */
  sample(name: string, plane: PlaneRequest): Promise<Float32Array<ArrayBuffer> | undefined> {
    if (this.#isClosed) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      this.#waiting.get(name)?.resolve(undefined);
      this.#waiting.set(name, { plane, resolve });
      this.#next();
    });
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#worker.terminate();
    this.#busy?.asked.resolve(undefined);
    for (const { resolve } of this.#waiting.values()) resolve(undefined);
    this.#waiting.clear();
  }

  #next(): void {
    const [next] = this.#waiting;
    if (this.#busy !== undefined || next === undefined) return;
    const [key, asked] = next;
    this.#waiting.delete(key);
    this.#count += 1;
    this.#busy = { id: this.#count, key, asked };
    this.#post({ kind: 'plane', id: this.#count, plane: asked.plane });
  }

  #onAnswer(answer: VolumeAnswer): void {
    if (answer.kind === 'tooLarge') {
      this.#lose('tooLarge', answer.bytes);
      return;
    }
    const busy = this.#busy;
    if (busy?.id !== answer.id) return;
    this.#busy = undefined;
    busy.asked.resolve(answer.values);
    this.#next();
  }

  #lose(why: 'tooLarge' | 'failed', bytes?: number): void {
    if (this.#isClosed) return;
    this.close();
    this.#events.onLost(why, bytes);
  }

  #post(job: VolumeJob, buffers: ArrayBuffer[] = []): void {
    if (!this.#isClosed) this.#worker.postMessage(job, buffers);
  }
}
