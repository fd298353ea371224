import { workerData } from 'node:worker_threads';
import {
  DECODER_FAILED,
  decodeFrame,
  findText,
  measureFrame,
  PixelError,
  regionStatistics,
  renderFrame,
  spansOf,
} from '@negatoscope/dicom';
import { ownPort } from '../workers/own-port.ts';
import { encodeInThread } from './encode.ts';
import type { CodecAnswer, CodecJob } from './messages.ts';
import { createCodecs, limitWasmMemory } from './wasm.ts';

const port = ownPort();
limitWasmMemory();
// The pool gives its own address: packages are found from there.
const codecs = createCodecs((workerData as { readonly from: string }).from);

/** The buffer of `pixels` alone, so that it can be given away. */
const owned = (pixels: Uint8Array): Uint8Array<ArrayBuffer> =>
  pixels.buffer instanceof ArrayBuffer && pixels.byteLength === pixels.buffer.byteLength
    ? new Uint8Array(pixels.buffer)
    : Uint8Array.from(pixels);

/** The answer and the bytes in it, which are given away. */
async function work(job: CodecJob): Promise<{ answer: CodecAnswer; pixels?: Uint8Array<ArrayBuffer> }> {
  const decoded = await decodeFrame(codecs, job.frame);
  const { measure, regions } = job;
  if (job.text === true) return { answer: { kind: 'text', boxes: findText(decoded) } };
  if (measure !== undefined && regions !== undefined) {
    const statistics = regions.map((region) => regionStatistics(decoded, measure, spansOf(region, decoded)));
    return { answer: { kind: 'regions', statistics } };
  }
  if (measure !== undefined) return { answer: { kind: 'measured', measure: measureFrame(decoded, measure) } };
  if (job.encodeTo !== undefined) {
    const picture = await encodeInThread(codecs, decoded, job.encodeTo);
    const bytes = owned(picture.bytes);
    return { answer: { kind: 'encoded', picture: { ...picture, bytes } }, pixels: bytes };
  }
  const image = job.plan === undefined ? undefined : renderFrame(decoded, job.plan);
  const pixels = owned(image?.pixels ?? decoded.pixels);
  const answer: CodecAnswer =
    image === undefined ? { kind: 'decoded', frame: { ...decoded, pixels } } : { kind: 'rendered', image: { ...image, pixels } };
  return { answer, pixels };
}

port.on('message', (job: CodecJob) => {
  work(job).then(
    ({ answer, pixels }) => port.postMessage(answer, pixels === undefined ? [] : [pixels.buffer]),
    (error: unknown) => {
      const reason = error instanceof PixelError ? error.message : 'unexpected';
      const isSpent = reason === DECODER_FAILED || !(error instanceof PixelError);
      port.postMessage({ kind: 'failed', reason, isSpent } satisfies CodecAnswer);
    },
  );
});
