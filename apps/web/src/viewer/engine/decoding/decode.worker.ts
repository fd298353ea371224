import { DECODER_FAILED, type DecoderName, decodeFrame, PixelError } from '@negatoscope/dicom';
import type { WarmJob } from '../../model/early-answer.ts';
import { createDecoders } from './codecs.ts';
import { type DecodeAnswer, type DecodeJob, owned } from './messages.ts';

const decoders = createDecoders();
// One program holds the types of pages and of workers; this file runs as the latter.
const scope = self as unknown as DedicatedWorkerGlobalScope;

/** What can't be loaded now is loaded, or reported, with the frame that needs it. */
function warm(name: DecoderName): void {
  decoders.decoder(name).then(
    (decoder) => decoder.delete(),
    () => undefined,
  );
}

scope.addEventListener('message', ({ data }: MessageEvent<DecodeJob | WarmJob>) => {
  if ('warm' in data) return warm(data.warm);
  decodeFrame(decoders, data.frame).then(
    (frame) => {
      const pixels = owned(frame.pixels);
      scope.postMessage({ kind: 'decoded', frame: { ...frame, pixels } } satisfies DecodeAnswer, [pixels.buffer]);
    },
    (error: unknown) => {
      const reason = error instanceof PixelError ? error.message : 'unexpected';
      const isSpent = reason === DECODER_FAILED || !(error instanceof PixelError);
      scope.postMessage({ kind: 'failed', reason, isSpent } satisfies DecodeAnswer);
    },
  );
});
