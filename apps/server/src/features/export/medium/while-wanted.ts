import { Failure } from '../../../kernel/failure.ts';
import type { MediumFile } from '../../../platform/iso/index.ts';

/** All files of an image wait in scratch before the first byte leaves: for who went meanwhile, or may not any more, no other is made. */
export async function* whileWanted(
  files: AsyncIterable<MediumFile>,
  answer: { readonly destroyed: boolean },
): AsyncGenerator<MediumFile> {
  for await (const file of files) {
    if (answer.destroyed) throw new Failure('UNPROCESSABLE', { detail: 'Nobody waits for this disc image.' });
    yield file;
  }
}
