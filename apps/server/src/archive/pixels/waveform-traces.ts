import { decodeBase64, sampleRange, swapWords, TraceCollector, type Traces, type WaveformGroup } from '@negatoscope/dicom';
import type { StoredSource } from './locate.ts';
import type { InstanceEntry } from './series-table.ts';

const WAVEFORM_SEQUENCE = '54000100';
const WAVEFORM_DATA = '54001010';
/** Whole words of every size. */
const CHUNK_BYTES = 256 * 1024;

/** Moments of a group, `from` on, of each channel no more than `runs` pairs of extremes. */
export interface WantedTraces {
  /** Place of the group in Waveform Sequence (5400,0100), from 0. */
  readonly index: number;
  readonly group: WaveformGroup;
  readonly from: number;
  readonly count: number;
  readonly runs: number;
}

async function* bytesOf(
  source: StoredSource,
  entry: InstanceEntry,
  { index, group, from, count }: WantedTraces,
): AsyncGenerator<Uint8Array> {
  const { offset, length } = sampleRange(group, from, from + count);
  if (group.data.InlineBinary !== undefined) {
    yield decodeBase64(group.data.InlineBinary).subarray(offset, offset + length);
    return;
  }
  const { bulkData } = await source.locator.header(entry);
  const ref = bulkData.find(({ path }) => path === `${WAVEFORM_SEQUENCE}/${index}/${WAVEFORM_DATA}`);
  const end = ref === undefined ? 0 : ref.offset + Math.min(ref.length ?? 0, offset + length);
  if (ref === undefined) return;
  if (ref.space === 'inflated') {
    yield* source.locator.inflated(entry, ref.offset + offset, end);
    return;
  }
  for (let at = ref.offset + offset; at < end; at += CHUNK_BYTES) {
    const chunk = await source.objects.read(entry.id, at, Math.min(CHUNK_BYTES, end - at));
    yield ref.bigEndian && ref.wordBytes > 1 ? swapWords(chunk, ref.wordBytes) : chunk;
  }
}

/** Reads a part of a waveform in pieces, so that a day of it takes no more memory than a moment; what the file lacks stays empty. */
export async function waveformTraces(source: StoredSource, entry: InstanceEntry, wanted: WantedTraces): Promise<Traces> {
  const collector = new TraceCollector(wanted.group, wanted.count, wanted.runs);
  for await (const bytes of bytesOf(source, entry, wanted)) collector.take(bytes);
  return collector.traces();
}
