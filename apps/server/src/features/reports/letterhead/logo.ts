import sharp from 'sharp';
import { Failure } from '../../../kernel/failure.ts';

const MOST_BYTES = 300 * 1024;
/** Of what is unpacked: a small file may be a large picture. */
const MOST_PIXELS = 16_000_000;
const SIZE = 400;
/** How PNG and JPEG begin. */
const BEGINNINGS = [Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.from('ffd8ff', 'hex')];

/**
 * A logo made anew: PNG or JPEG by its content, on white, at most 400 pixels wide and high, without anything beside the picture. Fails with LOGO_UNREADABLE.
 */
export async function logoOf(sent: Buffer): Promise<Buffer> {
  // What begins as something else is not given to whoever could read that too.
  if (sent.length > MOST_BYTES || !BEGINNINGS.some((beginning) => sent.subarray(0, beginning.length).equals(beginning)))
    throw new Failure('LOGO_UNREADABLE');
  try {
    const picture = sharp(sent, { limitInputPixels: MOST_PIXELS, failOn: 'error', pages: 1 });
    const { format } = await picture.metadata();
    if (format !== 'png' && format !== 'jpeg') throw new Failure('LOGO_UNREADABLE');
    const small = picture
      .autoOrient()
      .resize(SIZE, SIZE, { fit: 'inside', withoutEnlargement: true })
      .flatten({ background: '#ffffff' })
      .toColourspace('srgb');
    return await (format === 'png' ? small.png({ compressionLevel: 9 }) : small.jpeg({ quality: 90 })).toBuffer();
  } catch (error) {
    throw new Failure('LOGO_UNREADABLE', { cause: error });
  }
}
