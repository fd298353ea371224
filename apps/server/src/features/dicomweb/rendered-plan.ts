import {
  type DicomJsonElement,
  type DicomJsonObject,
  type EmbeddedOverlay,
  expandSegmentedPalette,
  IDENTITY,
  isWindow,
  jsonElement,
  jsonItems,
  jsonNumber,
  jsonNumbers,
  jsonString,
  jsonStrings,
  type LookupTable,
  lookupTable,
  type ModalityTransform,
  type OverlayPlane,
  type Palette,
  type RenderPlan,
  unpackBits,
  type Voi,
  type Window,
  windowFunction,
} from '@negatoscope/dicom';

/** Bytes of a value that the header leaves in the file, little endian; undefined when it is absurdly long. */
export type ReadBulk = (uri: string) => Promise<Uint8Array | undefined>;

export interface PlanChoices {
  /** Zero-based. */
  readonly frame: number;
  /** Replaces the image's own. */
  readonly window: Window | undefined;
  /** Overlays may name the patient: pseudonymised actors go without. */
  readonly withOverlays: boolean;
}

async function bytesOf(element: DicomJsonElement | undefined, readBulk: ReadBulk): Promise<Uint8Array | undefined> {
  if (element?.InlineBinary !== undefined) return Buffer.from(element.InlineBinary, 'base64');
  if (element?.BulkDataURI !== undefined) return readBulk(element.BulkDataURI);
  const numbers = element?.Value?.filter((value) => typeof value === 'number');
  return numbers === undefined ? undefined : new Uint8Array(Uint16Array.from(numbers).buffer);
}

async function tableOf(item: DicomJsonObject, isSigned: boolean, readBulk: ReadBulk): Promise<LookupTable | undefined> {
  const data = await bytesOf(jsonElement(item, '00283006'), readBulk);
  return data === undefined ? undefined : lookupTable(jsonNumbers(item, '00283002'), data, isSigned);
}

/** The functional group macros of one frame, its own before the shared ones (PS3.3 C.7.6.16.1.2), and the dataset itself. */
function macros(json: DicomJsonObject, frame: number, sequence: string): DicomJsonObject[] {
  const groups = [jsonItems(json, '52009230')[frame], jsonItems(json, '52009229')[0]];
  return [...groups.flatMap((group) => (group === undefined ? [] : jsonItems(group, sequence).slice(0, 1))), json];
}

async function modalityOf(json: DicomJsonObject, frame: number, readBulk: ReadBulk): Promise<ModalityTransform> {
  const isSigned = jsonNumber(json, '00280103') === 1;
  const [item] = jsonItems(json, '00283000');
  const table = item === undefined ? undefined : await tableOf(item, isSigned, readBulk);
  if (table !== undefined) return { kind: 'table', table };
  for (const source of macros(json, frame, '00289145')) {
    const slope = jsonNumber(source, '00281053');
    // A slope of 0 would make every pixel the same.
    if (slope !== undefined && slope !== 0) return { kind: 'rescale', slope, intercept: jsonNumber(source, '00281052') ?? 0 };
  }
  return IDENTITY;
}

/** The first usable window, else the first VOI LUT (PS3.3 C.11.2: either may be chosen when both are there). */
async function voiOf(json: DicomJsonObject, frame: number, readBulk: ReadBulk): Promise<Voi | undefined> {
  const sources = macros(json, frame, '00289132');
  for (const source of sources) {
    const [center, width] = [jsonNumber(source, '00281050'), jsonNumber(source, '00281051')];
    if (center === undefined || width === undefined) continue;
    const window = { center, width, shape: windowFunction(jsonString(source, '00281056')) };
    if (isWindow(window)) return { kind: 'window', ...window };
  }
  for (const source of sources) {
    const [item] = jsonItems(source, '00283010');
    const table = item === undefined ? undefined : await tableOf(item, false, readBulk);
    if (table !== undefined) return { kind: 'table', table };
  }
  return undefined;
}

/** Pixel Padding Value and its range limit (PS3.3 C.7.5.1.1.2) as stored values. */
function paddingOf(json: DicomJsonObject): readonly [number, number] | undefined {
  const isSigned = jsonNumber(json, '00280103') === 1;
  const signed = (value: number): number => (isSigned && value > 32_767 ? value - 65_536 : value);
  const value = jsonNumber(json, '00280120');
  if (value === undefined) return undefined;
  const limit = jsonNumber(json, '00280121') ?? value;
  return [Math.min(signed(value), signed(limit)), Math.max(signed(value), signed(limit))];
}

async function colorTable(json: DicomJsonObject, index: number, readBulk: ReadBulk): Promise<LookupTable | undefined> {
  const descriptor = jsonNumbers(json, `0028110${index}`);
  const isSigned = jsonNumber(json, '00280103') === 1;
  const data = await bytesOf(jsonElement(json, `0028120${index}`), readBulk);
  if (data !== undefined) return lookupTable(descriptor, data, isSigned);
  const segmented = await bytesOf(jsonElement(json, `0028122${index}`), readBulk);
  if (segmented === undefined) return undefined;
  const entries = expandSegmentedPalette(segmented, descriptor[2] === 8 ? 1 : 2);
  return lookupTable(descriptor, new Uint8Array(Uint16Array.from(entries).buffer), isSigned);
}

async function paletteOf(json: DicomJsonObject, readBulk: ReadBulk): Promise<Palette | undefined> {
  if (jsonString(json, '00280004') !== 'PALETTE COLOR') return undefined;
  const [red, green, blue] = [
    await colorTable(json, 1, readBulk),
    await colorTable(json, 2, readBulk),
    await colorTable(json, 3, readBulk),
  ];
  return red === undefined || green === undefined || blue === undefined ? undefined : { red, green, blue };
}

const OVERLAY_GROUPS = Array.from({ length: 16 }, (_, index) => (0x6000 + 2 * index).toString(16).toUpperCase());

interface Overlays {
  readonly overlays: OverlayPlane[];
  readonly embeddedOverlays: EmbeddedOverlay[];
}

/** Overlay planes of a frame (PS3.3 C.9.2, C.9.3); one that is damaged is left out. */
async function overlaysOf(json: DicomJsonObject, frame: number, readBulk: ReadBulk): Promise<Overlays> {
  const result: Overlays = { overlays: [], embeddedOverlays: [] };
  for (const group of OVERLAY_GROUPS) {
    const [rows = 0, columns = 0] = [jsonNumber(json, `${group}0010`), jsonNumber(json, `${group}0011`)];
    if (rows < 1 || columns < 1) continue;
    const [originRow = 1, originColumn = 1] = jsonNumbers(json, `${group}0050`);
    const place = { rows, columns, originRow, originColumn };
    const data = await bytesOf(jsonElement(json, `${group}3000`), readBulk);
    const bit = jsonNumber(json, `${group}0102`) ?? 0;
    if (data === undefined) {
      if ((jsonNumber(json, `${group}0100`) ?? 1) > 1 && bit > 0 && bit < 32) result.embeddedOverlays.push({ ...place, bit });
      continue;
    }
    const planes = jsonNumber(json, `${group}0015`) ?? 1;
    const plane = planes === 1 ? 0 : frame - ((jsonNumber(json, `${group}0051`) ?? 1) - 1);
    const count = rows * columns;
    if (plane < 0 || plane >= planes || data.length * 8 < (plane + 1) * count) continue;
    result.overlays.push({ ...place, bits: unpackBits(data, (plane + 1) * count).slice(plane * count) });
  }
  return result;
}

/**
 * How a frame of this dataset is shown: Modality LUT, VOI LUT, Presentation LUT Shape, palette and overlays as its attributes say, those of
 * functional groups first. Fails with PixelError for palettes that cannot be expanded.
 */
export async function renderPlanOf(json: DicomJsonObject, choices: PlanChoices, readBulk: ReadBulk): Promise<RenderPlan> {
  const { frame, window, withOverlays } = choices;
  const shape = jsonString(json, '20500020');
  return {
    gray: {
      modality: await modalityOf(json, frame, readBulk),
      voi: window ?? (await voiOf(json, frame, readBulk)),
      isInverted: jsonStrings(json, '00280004')[0] === 'MONOCHROME1' || shape === 'INVERSE',
      padding: paddingOf(json),
    },
    palette: await paletteOf(json, readBulk),
    ...(withOverlays ? await overlaysOf(json, frame, readBulk) : { overlays: [], embeddedOverlays: [] }),
  };
}
