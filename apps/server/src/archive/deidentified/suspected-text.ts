import { jsonNumber, outsideRegions, type PixelRectangle, type TextBox } from '@negatoscope/dicom';
import { Failure, notFound } from '../../kernel/failure.ts';
import type { ObjectReader } from '../../platform/objects/store/index.ts';
import { encodedFrame, openLooseFile } from '../pixels/index.ts';
import type { MaskTools } from './masked-pixels.ts';

/** Where in a frame text may be. */
export interface SuspectedText {
  /** Outside of the regions that an ultrasound machine declares. */
  readonly header: readonly PixelRectangle[];
  /** What looks like it, the likeliest first. */
  readonly looks: readonly PixelRectangle[];
}

/** Around what was found: an accent or the foot of a letter stands out of it. */
const MARGIN = 3;
const MOST = 200;

const grown = ({ x, y, width, height }: TextBox): PixelRectangle => ({
  left: Math.max(0, Math.floor(x) - MARGIN),
  top: Math.max(0, Math.floor(y) - MARGIN - Math.round(height / 3)),
  right: Math.ceil(x + width) + MARGIN,
  bottom: Math.ceil(y + height) + MARGIN,
});

/** Looks at one frame, from 0, of a stored file. It only proposes. Fails with NOT_FOUND for a frame that is not there, with FRAME_UNREADABLE, and as the store does. */
export async function suspectedText(
  tools: Pick<MaskTools, 'codecs' | 'headers'>,
  objects: ObjectReader,
  stored: { readonly id: string; readonly sizeBytes: number },
  frame: number,
): Promise<SuspectedText> {
  const read = (offset: number, length: number): Promise<Buffer> => objects.read(stored.id, offset, length);
  const { source, entry } = await openLooseFile({ ...stored, read }, tools);
  if (frame >= entry.frames) throw notFound();
  const { json } = await source.locator.header(entry);
  const found = (await tools.codecs.findText(await encodedFrame(source, entry, frame))) ?? [];
  return { header: outsideRegions(json), looks: found.slice(0, MOST).map(grown) };
}

/** What looks like text in the first frame of a file at whose pixels nobody looks, and the size of its pictures. What can't be decoded looks like nothing. Fails as the store does. */
export async function unseenText(
  tools: Pick<MaskTools, 'codecs' | 'headers'>,
  objects: ObjectReader,
  stored: { readonly id: string; readonly sizeBytes: number },
): Promise<{ rows: number; columns: number; looks: PixelRectangle[] }> {
  const read = (offset: number, length: number): Promise<Buffer> => objects.read(stored.id, offset, length);
  const { source, entry } = await openLooseFile({ ...stored, read }, tools);
  const { json } = await source.locator.header(entry);
  const [rows = 0, columns = 0] = [jsonNumber(json, '00280010'), jsonNumber(json, '00280011')];
  const { looks } = await suspectedText(tools, objects, stored, 0).catch((error: unknown) => {
    if (error instanceof Failure && ['FRAME_UNREADABLE', 'NOT_ACCEPTABLE', 'NOT_FOUND'].includes(error.code)) return NOTHING;
    throw error;
  });
  return { rows, columns, looks: [...looks] };
}
const NOTHING: SuspectedText = { header: [], looks: [] };
