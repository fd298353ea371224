import type { Channel } from './channel.ts';
import { sampleReader, type WaveformGroup } from './groups.ts';

/** Bytes of one moment: a sample of each channel, one after the other (PS3.3 C.10.9.1.6). */
export const momentBytes = ({ channels, sampleBytes }: WaveformGroup): number => channels.length * sampleBytes;

/** Bytes of a group's moments from `from` to before `to`, within its data. */
export function sampleRange(
  group: WaveformGroup,
  from: number,
  to: number,
): { readonly offset: number; readonly length: number } {
  const bytes = momentBytes(group);
  return { offset: from * bytes, length: Math.max(0, to - from) * bytes };
}

/** The value of a stored sample in the channel's unit (C.10.9.1.4.2): NaN where the padding stands, and where a scale makes no number of it. */
export function inUnits({ scale, baseline }: Channel, stored: number, padding: number | undefined): number {
  const value = stored === padding ? Number.NaN : stored * scale + baseline;
  return Number.isFinite(value) ? value : Number.NaN;
}

/** What is drawn of a channel: its samples, or the least and the greatest of each of as many runs, in turn; NaN where nothing was measured. */
export interface Traces {
  readonly kind: 'samples' | 'extremes';
  /** Channel by channel. */
  readonly values: readonly Float64Array[];
}

/**
 * Takes the moments of a group in pieces and keeps of each channel no more than `runs` pairs, so that a day costs what a moment does. Samples that are
 * as few as the runs are kept as they are.
 */
export class TraceCollector {
  readonly #group: WaveformGroup;
  readonly #count: number;
  readonly #runs: number;
  readonly #isEach: boolean;
  readonly #values: Float64Array[];
  #at = 0;
  /** Bytes of a moment that is not whole yet. */
  #rest = new Uint8Array(0);

  /** `count` moments will be told, from whichever on. */
  constructor(group: WaveformGroup, count: number, runs: number) {
    this.#group = group;
    this.#count = count;
    this.#isEach = count <= runs * 2;
    this.#runs = runs;
    const length = this.#isEach ? count : runs * 2;
    this.#values = group.channels.map(() => new Float64Array(length).fill(Number.NaN));
  }

  take(piece: Uint8Array): void {
    const bytes = this.#rest.length === 0 ? piece : joined(this.#rest, piece);
    const each = momentBytes(this.#group);
    const whole = Math.min(Math.floor(bytes.length / each), this.#count - this.#at);
    this.#read(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), whole);
    this.#rest = bytes.slice(whole * each);
  }

  traces(): Traces {
    return { kind: this.#isEach ? 'samples' : 'extremes', values: this.#values };
  }

  #read(view: DataView, moments: number): void {
    const { channels, form, sampleBytes, padding } = this.#group;
    const read = sampleReader(form);
    const each = channels.length * sampleBytes;
    channels.forEach((channel, number) => {
      const values = this.#values[number];
      if (values === undefined) return;
      for (let moment = 0; moment < moments; moment += 1) {
        const value = inUnits(channel, read(view, moment * each + number * sampleBytes), padding);
        if (this.#isEach) values[this.#at + moment] = value;
        else this.#widen(values, this.#at + moment, value);
      }
    });
    this.#at += moments;
  }

  #widen(values: Float64Array, moment: number, value: number): void {
    if (Number.isNaN(value)) return;
    const run = 2 * Math.floor((moment * this.#runs) / this.#count);
    const [least = Number.NaN, most = Number.NaN] = [values[run], values[run + 1]];
    if (!(least <= value)) values[run] = value;
    if (!(most >= value)) values[run + 1] = value;
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(first.length + second.length);
  bytes.set(first);
  bytes.set(second, first.length);
  return bytes;
}
