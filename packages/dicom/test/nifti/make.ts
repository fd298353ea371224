import {
  type DecodedFrame,
  type Decoders,
  decodeFrame,
  finishFrameRead,
  frameFormatOf,
  locateFrames,
  type NiftiPlan,
  niftiHeader,
  niftiVoxels,
  parsePart10,
  planFrameRead,
  planNifti,
} from '../../src/index.ts';

const refuse = (): never => {
  throw new Error('only uncompressed files');
};
const NATIVE: Decoders = { decoder: refuse, lossless: refuse, inflate: refuse };

/** Every frame of some uncompressed files. */
async function framesOf(files: readonly Uint8Array[]) {
  const all: { json: ReturnType<typeof parsePart10>['json']; frame: number; decoded: DecodedFrame }[] = [];
  for (const bytes of files) {
    const parsed = parsePart10(bytes);
    const table = locateFrames(parsed, bytes);
    for (let frame = 0; table.kind !== 'none' && frame < table.count; frame += 1) {
      const read = planFrameRead(table, frame);
      const [range] = read?.ranges ?? [];
      if (read === undefined || range === undefined) throw new Error('no frame');
      const pixels = finishFrameRead(read, bytes.subarray(range.offset, range.offset + range.length));
      const format = frameFormatOf(parsed.json, '7FE00010');
      const { transferSyntaxUid } = parsed;
      all.push({ json: parsed.json, frame, decoded: await decodeFrame(NATIVE, { ...format, transferSyntaxUid, bytes: pixels }) });
    }
  }
  return all;
}

/** A NIfTI file of some uncompressed DICOM files. */
export async function niftiOf(files: readonly Uint8Array[]): Promise<{ readonly plan: NiftiPlan; readonly bytes: Buffer }> {
  const frames = await framesOf(files);
  const plan = planNifti(frames);
  const voxels = plan.order.map((index) => {
    const one = frames[index];
    if (one === undefined) throw new Error('no such frame');
    return niftiVoxels(one.decoded, plan, index);
  });
  return { plan, bytes: Buffer.concat([niftiHeader(plan), ...voxels]) };
}
