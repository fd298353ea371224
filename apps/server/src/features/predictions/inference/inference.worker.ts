import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type SharpModule from 'sharp';
import { foundFrom, serveProcess } from '../../../platform/onnx/process-side.ts';
import { loadRuntime, openSession, type Session, type Tensor } from '../../../platform/onnx/runtime.ts';
import { heatPicture } from './evidence.ts';
import { colourOf, type Picture, shrink, toGrey } from './grey.ts';
import { refusalOfGate, refusalOfSize, turnedBy } from './judge.ts';
import type {
  FilmAnswer,
  FilmTask,
  GateAnswer,
  InferenceTask,
  ModelAnswer,
  ModelFile,
  ModelSpec,
  PixelRefusal,
} from './messages.ts';

/** Loaded by the first task, which fails where it is not there. */
let loaded: ReturnType<typeof loadRuntime> | undefined;
const runtime = (): ReturnType<typeof loadRuntime> => {
  loaded ??= loadRuntime(foundFrom());
  return loaded;
};
const sharp = createRequire(foundFrom())('sharp') as typeof SharpModule;
sharp.cache(false);
sharp.concurrency(1);

/** The longer side of a heat map, pixels: its fields are coarse. */
const HEAT_SIDE = 768;
const MOST_SESSIONS = 4;

class TaskFailure extends Error {
  readonly code: string;

  constructor(code: string, cause?: unknown) {
    super(code, { cause });
    this.code = code;
  }
}

const sessions = new Map<string, Promise<Session>>();

async function openFile({ path, sha256 }: ModelFile): Promise<Session> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new TaskFailure('MODEL_MISSING', cause);
  });
  if (createHash('sha256').update(bytes).digest('hex') !== sha256) throw new TaskFailure('MODEL_CORRUPT');
  return openSession(runtime(), bytes).catch((cause: unknown) => {
    throw new TaskFailure('MODEL_CORRUPT', cause);
  });
}

/** Each model is read and checked once; what failed is tried again. */
function sessionOf(file: ModelFile): Promise<Session> {
  const known = sessions.get(file.sha256);
  if (known !== undefined) return known;
  const [oldest] = sessions.keys();
  if (sessions.size >= MOST_SESSIONS && oldest !== undefined) {
    void sessions.get(oldest)?.then((session) => session.release());
    sessions.delete(oldest);
  }
  const opened = openFile(file).catch((error: unknown) => {
    sessions.delete(file.sha256);
    throw error;
  });
  sessions.set(file.sha256, opened);
  return opened;
}

/** A film on its way: what is known of it so far. */
interface Prepared {
  readonly task: FilmTask;
  readonly width: number;
  readonly height: number;
  readonly colour: number;
  readonly small: Uint8Array;
  refusal: PixelRefusal | undefined;
  gate?: GateAnswer;
  answer?: ModelAnswer;
}

/** Its size is looked at before it is decoded. */
async function decode(bytes: Uint8Array, gates: ModelSpec['gates']): Promise<Picture | PixelRefusal> {
  const image = sharp(bytes, { limitInputPixels: false, failOn: 'error', pages: 1 });
  const { width = 0, height = 0, format = '' } = await image.metadata();
  if (!['png', 'jpeg'].includes(format)) return 'IMAGE_UNREADABLE';
  const refusal = refusalOfSize(width, height, gates);
  if (refusal !== undefined) return refusal;
  // As stored, like the model's vectors: a turned photograph is turned back by a person, not by what a telephone says of itself.
  const { data, info } = await image.raw().toBuffer({ resolveWithObject: true });
  return { pixels: data, width: info.width, height: info.height, channels: info.channels };
}

const unread = (task: FilmTask, refusal: PixelRefusal): Prepared => ({
  task,
  width: 0,
  height: 0,
  colour: 0,
  small: new Uint8Array(0),
  refusal,
});

async function prepare(task: FilmTask, { input, gates }: ModelSpec): Promise<Prepared> {
  const { film } = task;
  const picture = film.kind === 'picture' ? film : await decode(film.bytes, gates).catch((): PixelRefusal => 'IMAGE_UNREADABLE');
  if (typeof picture === 'string') return unread(task, picture);
  const { width, height } = picture;
  const refusal = refusalOfSize(width, height, gates);
  const small = refusal === undefined ? shrink(toGrey(picture), width, height, input.side) : new Uint8Array(0);
  return { task, width, height, colour: colourOf(picture), small, refusal };
}

/** The tensor of some films: float32 [N, 1, side, side], 0 to 1. */
function tensorOf(films: readonly Prepared[], side: number): Tensor {
  const data = new Float32Array(films.length * side * side);
  for (const [index, { small }] of films.entries())
    for (let at = 0; at < side * side; at += 1) data[index * side * side + at] = (small[at] ?? 0) / 255;
  return new (runtime().Tensor)('float32', data, [films.length, 1, side, side]);
}

type Row = (output: string) => readonly number[];

/** Runs some films together; gives for each how its row of an output is had. Fails with MODEL_CORRUPT for outputs that are none. */
async function runAll(file: ModelFile, films: readonly Prepared[], { input }: ModelSpec): Promise<Row[]> {
  const session = await sessionOf(file);
  const results = await session.run({ [input.name]: tensorOf(films, input.side) });
  return films.map((_, index) => (output) => {
    const data = results[output]?.data;
    const length = data === undefined ? 0 : data.length / films.length;
    const row = Array.from(data?.subarray(index * length, (index + 1) * length) ?? []);
    if (row.length === 0 || !row.every(Number.isFinite)) throw new TaskFailure('MODEL_CORRUPT');
    return row;
  });
}

async function passGate(films: readonly Prepared[], spec: ModelSpec): Promise<void> {
  if (films.length === 0) return;
  const { accepted, film, orientation, inverted } = spec.gateOutputs;
  const rows = await runAll(spec.gate, films, spec).catch((cause: unknown) => {
    throw cause instanceof TaskFailure ? new TaskFailure('GATE_UNAVAILABLE', cause) : cause;
  });
  for (const [index, one] of films.entries()) {
    const row = rows[index] ?? (() => []);
    const first = (output: string): number => row(output)[0] ?? 0;
    one.gate = { accepted: first(accepted), film: first(film), orientation: row(orientation), inverted: first(inverted) };
    if (!one.task.isSentOn) one.refusal = refusalOfGate(one.gate, one.colour, spec.gates);
  }
}

async function ask(films: readonly Prepared[], spec: ModelSpec): Promise<void> {
  if (films.length === 0) return;
  const { probability, logit, spread, evidence, box, area } = spec.outputs;
  const rows = await runAll(spec.model, films, spec);
  for (const [index, one] of films.entries()) {
    const row = rows[index] ?? (() => []);
    const first = (output: string): number => row(output)[0] ?? 0;
    const [x0 = 0, y0 = 0, x1 = 1, y1 = 1] = row(box);
    one.answer = {
      probability: first(probability),
      logit: first(logit),
      spread: first(spread),
      area: first(area),
      box: [x0, y0, x1, y1],
      evidence: row(evidence),
    };
    if (one.answer.area < spec.gates.minArea && !one.task.isSentOn) one.refusal = 'NOT_ASSESSABLE';
  }
}

async function heatMap({ answer, refusal, task, width, height }: Prepared): Promise<FilmAnswer['heat']> {
  if (answer === undefined || refusal !== undefined || answer.probability < task.threshold) return undefined;
  const scale = Math.min(1, HEAT_SIDE / Math.max(width, height));
  const size = { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
  const evidence = { field: answer.evidence, side: Math.round(Math.sqrt(answer.evidence.length)), box: answer.box };
  const rgba = heatPicture(evidence, size.width, size.height);
  const png = await sharp(rgba, { raw: { ...size, channels: 4 } })
    .png({ compressionLevel: 6 })
    .toBuffer();
  return { png: Uint8Array.from(png), ...size };
}

async function answerOf(film: Prepared): Promise<FilmAnswer> {
  const { width, height, colour, gate, refusal, answer } = film;
  const turned = gate === undefined ? 0 : turnedBy(gate);
  const smallSha256 = film.small.length === 0 ? '' : createHash('sha256').update(film.small).digest('hex');
  return { width, height, colour, smallSha256, gate, refusal, turned, answer, heat: await heatMap(film) };
}

/** Gates first, then the model, films together; one that can't be read costs only itself. */
serveProcess<InferenceTask>(async ({ spec, films }) => {
  const prepared: Prepared[] = [];
  for (const film of films) prepared.push(await prepare(film, spec));
  await passGate(
    prepared.filter(({ refusal }) => refusal === undefined),
    spec,
  );
  await ask(
    prepared.filter(({ refusal }) => refusal === undefined),
    spec,
  );
  const answers: FilmAnswer[] = [];
  for (const film of prepared) answers.push(await answerOf(film));
  return answers;
});
