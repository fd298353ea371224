import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { type NiftiPlan, NiftiRefusal, niftiHeader, niftiSidecar, niftiVoxels, planNifti } from '@negatoscope/dicom';
import type { ExportedInstance } from '../../../archive/records/exported.ts';
import type { Scratch, ScratchBytes } from '../../../platform/objects/scratch/index.ts';
import { type DecodeFrame, type OpenFrames, openFrames } from './frames.ts';
import { headersOf, type OpenInstance, type SeriesFrame, type SeriesHeaders } from './headers.ts';

export type { DecodeFrame } from './frames.ts';

export interface NiftiTools {
  readonly decode: DecodeFrame;
  readonly scratch: Pick<Scratch, 'create'>;
  readonly signal: AbortSignal;
}

/** A series as a compressed NIfTI file; who asked for it removes the bytes. */
export interface NiftiSeries extends Pick<SeriesHeaders, 'actions' | 'isRecognisable'> {
  readonly bytes: ScratchBytes;
  /** What may be said beside it. */
  readonly sidecar: Readonly<Record<string, unknown>>;
}

interface Block {
  readonly plan: NiftiPlan;
  readonly frames: readonly SeriesFrame[];
  readonly instances: readonly ExportedInstance[];
  readonly open: OpenInstance;
}

/** The file, piece by piece: one instance is open at a time. */
async function* piecesOf({ decode, signal }: NiftiTools, { plan, frames, instances, open }: Block): AsyncGenerator<Uint8Array> {
  yield niftiHeader(plan);
  let opened: { readonly instance: number; readonly of: OpenFrames } | undefined;
  for (const index of plan.order) {
    signal.throwIfAborted();
    const one = frames[index];
    const instance = one === undefined ? undefined : instances[one.instance];
    if (one === undefined || instance === undefined) throw new NiftiRefusal('PIXELS_DAMAGED');
    if (opened?.instance !== one.instance)
      opened = { instance: one.instance, of: await openFrames(await open(instance), decode) };
    yield niftiVoxels(await opened.of.read(one.frame), plan, index);
  }
}

/**
 * Makes one file of a series whose images leave, one after the other, by the code that lets each of them leave alone. Fails with NiftiRefusal where they are no
 * regular block or one of them does not leave, and as the store does.
 */
export async function niftiOf(
  tools: NiftiTools,
  instances: readonly ExportedInstance[],
  open: OpenInstance,
): Promise<NiftiSeries> {
  const { frames, first, actions, isRecognisable } = await headersOf(instances, open);
  const plan = planNifti(frames);
  const bytes = await tools.scratch.create();
  try {
    await pipeline(piecesOf(tools, { plan, frames, instances, open }), createGzip(), async (chunks) => {
      for await (const chunk of chunks) await bytes.write(chunk);
    });
    return { bytes, sidecar: niftiSidecar(first, plan), actions, isRecognisable };
  } catch (error) {
    await bytes.remove();
    throw error;
  }
}
