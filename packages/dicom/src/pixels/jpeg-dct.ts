import { BlockDecoder, type ScanComponent, ZIGZAG } from './block-decoder.ts';
import { PixelError } from './frame-format.ts';
import { EntropyReader, type HuffmanTable } from './jpeg-entropy.ts';
import { inverseDct } from './jpeg-idct.ts';

/** A progressive stream needs about ten scans; each one visits every block. */
const MAX_SCANS = 200;

interface Component {
  readonly id: number;
  readonly quantisation: number;
  readonly coefficients: Int32Array;
}

interface Picture {
  readonly rows: number;
  readonly columns: number;
  readonly precision: number;
  readonly isProgressive: boolean;
  readonly blocksWide: number;
  readonly blocksHigh: number;
  readonly components: readonly Component[];
}

interface State {
  readonly quantisation: Map<number, Uint16Array>;
  /** Key: class * 16 + destination. */
  readonly huffman: Map<number, HuffmanTable>;
  restartInterval: number;
  picture: Picture | undefined;
  scans: number;
}

const u16 = (bytes: Uint8Array, at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);

function readQuantisation(segment: Uint8Array, state: State): void {
  for (let at = 0; at < segment.length; ) {
    const head = segment[at] ?? 0;
    const size = head >> 4 === 0 ? 1 : 2;
    at += 1;
    const table = new Uint16Array(64);
    for (let k = 0; k < 64; k += 1, at += size) table[ZIGZAG[k] ?? 0] = size === 1 ? (segment[at] ?? 0) : u16(segment, at);
    state.quantisation.set(head & 15, table);
  }
}

function readHuffman(segment: Uint8Array, state: State): void {
  for (let at = 0; at + 17 <= segment.length; ) {
    const counts = segment.slice(at + 1, at + 17);
    const total = counts.reduce((sum, count) => sum + count, 0);
    state.huffman.set(segment[at] ?? 0, { counts, values: segment.slice(at + 17, at + 17 + total) });
    at += 17 + total;
  }
}

function readFrame(segment: Uint8Array, isProgressive: boolean): Picture {
  const [rows, columns] = [u16(segment, 1), u16(segment, 3)];
  const [precision = 0, count = 0] = [segment[0], segment[5]];
  if ((precision !== 8 && precision !== 12) || rows === 0 || columns === 0 || count < 1 || count > 4)
    throw new PixelError('JPEG frame header not supported');
  const [blocksWide, blocksHigh] = [Math.ceil(columns / 8), Math.ceil(rows / 8)];
  const components = Array.from({ length: count }, (_, index): Component => {
    const at = 6 + 3 * index;
    if (count > 1 && segment[at + 1] !== 0x11) throw new PixelError('JPEG subsampling not supported');
    const coefficients = new Int32Array(blocksWide * blocksHigh * 64);
    return { id: segment[at] ?? 0, quantisation: segment[at + 2] ?? 0, coefficients };
  });
  return { rows, columns, precision, isProgressive, blocksWide, blocksHigh, components };
}

function scanComponents(segment: Uint8Array, state: State, picture: Picture): ScanComponent[] {
  return Array.from({ length: segment[0] ?? 0 }, (_, index) => {
    const [id, tables = 0] = [segment[1 + 2 * index], segment[2 + 2 * index]];
    const component = picture.components.find((candidate) => candidate.id === id);
    if (component === undefined) throw new PixelError('JPEG scan of an unknown component');
    const { coefficients } = component;
    return { coefficients, dc: state.huffman.get(tables >> 4), ac: state.huffman.get(16 + (tables & 15)), prediction: 0 };
  });
}

/** Decodes one scan; gives the position of the marker after it. */
function readScan(bytes: Uint8Array, at: number, segment: Uint8Array, state: State): number {
  const { picture } = state;
  state.scans += 1;
  if (picture === undefined || state.scans > MAX_SCANS) throw new PixelError('JPEG scan unexpected');
  const components = scanComponents(segment, state, picture);
  const tail = 1 + 2 * components.length;
  const [spectralStart = 0, spectralEnd = 0, approximation = 0] = segment.subarray(tail, tail + 3);
  if (spectralStart > spectralEnd || spectralEnd > 63) throw new PixelError('JPEG scan out of range');
  const [approximationHigh, approximationLow] = [approximation >> 4, approximation & 15];
  const reader = new EntropyReader(bytes, at);
  const blocks = new BlockDecoder(reader, { spectralStart, spectralEnd, approximationHigh, approximationLow });
  const count = picture.blocksWide * picture.blocksHigh;
  for (let block = 0; block < count; block += 1) {
    if (state.restartInterval > 0 && block > 0 && block % state.restartInterval === 0) {
      reader.restart();
      blocks.reset();
      for (const component of components) component.prediction = 0;
    }
    for (const component of components) {
      if (picture.isProgressive) blocks.progressive(component, block * 64);
      else blocks.sequential(component, block * 64);
    }
  }
  return reader.end();
}

function toSamples(picture: Picture, state: State): Uint8Array {
  const { rows, columns, blocksWide, components, precision } = picture;
  const result =
    precision > 8 ? new Uint16Array(rows * columns * components.length) : new Uint8Array(rows * columns * components.length);
  const samples = new Uint16Array(64);
  for (const [index, { coefficients, quantisation }] of components.entries()) {
    const table = state.quantisation.get(quantisation);
    if (table === undefined) throw new PixelError('JPEG quantisation table missing');
    for (let i = 0; i < coefficients.length; i += 1) coefficients[i] = (coefficients[i] ?? 0) * (table[i & 63] ?? 0);
    for (let block = 0; block * 64 < coefficients.length; block += 1) {
      inverseDct(coefficients, block * 64, precision, samples);
      const top = Math.floor(block / blocksWide) * 8;
      const left = (block % blocksWide) * 8;
      for (let y = 0; y < 8 && top + y < rows; y += 1)
        for (let x = 0; x < 8 && left + x < columns; x += 1)
          result[((top + y) * columns + left + x) * components.length + index] = samples[y * 8 + x] ?? 0;
    }
  }
  return new Uint8Array(result.buffer);
}

/**
 * Decodes JPEG with DCT and Huffman codes: baseline, extended sequential, spectral selection and full progression (ITU-T T.81 processes 1, 2,
 * 4, 6, 8, 10, 12; PS3.5 8.2.1), 8 or 12 bits, no subsampling, no colour conversion. The result holds one byte a sample, or two (little
 * endian) for 12 bits, samples of a pixel together. It exists for 12 bits, which no maintained library of this platform decodes. Fails with
 * PixelError.
 */
export function decodeJpegDct(bytes: Uint8Array): Uint8Array {
  const state: State = { quantisation: new Map(), huffman: new Map(), restartInterval: 0, picture: undefined, scans: 0 };
  for (let at = 2; at + 4 <= bytes.length; ) {
    const marker = bytes[at + 1] ?? 0;
    if (bytes[at] !== 0xff || marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker === 0xd9) break;
    const end = at + 2 + u16(bytes, at + 2);
    const segment = bytes.subarray(at + 4, end);
    if (end > bytes.length) throw new PixelError('JPEG segment out of range');
    at = end;
    if (marker === 0xdb) readQuantisation(segment, state);
    else if (marker === 0xc4) readHuffman(segment, state);
    else if (marker === 0xdd) state.restartInterval = u16(segment, 0);
    else if (marker >= 0xc0 && marker <= 0xc2) state.picture ??= readFrame(segment, marker === 0xc2);
    else if (marker === 0xda) at = readScan(bytes, end, segment, state);
  }
  if (state.picture === undefined || state.scans === 0) throw new PixelError('JPEG stream without picture');
  return toSamples(state.picture, state);
}
