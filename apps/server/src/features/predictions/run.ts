import { createHash } from 'node:crypto';
import type { PredictionFailure } from '@negatoscope/contract';
import { type Service, scopeOf } from '../../access/index.ts';
import { findStudyPlace } from '../../archive/records/studies.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Db, Tx } from '../../platform/db/database.ts';
import { MadeObject } from '../../platform/objects/staging/index.ts';
import type { ObjectStore } from '../../platform/objects/store/index.ts';
import { isEnded } from '../../platform/onnx/killable-process.ts';
import type { JobRun } from '../../platform/queue/job.ts';
import type { LiveEvents } from '../../platform/shared-state/index.ts';
import { WorkerTaskError } from '../../platform/workers/killable-worker.ts';
import type { Audit } from '../audit/index.ts';
import type { Films, PreparedFilm } from './film.ts';
import type { Inference } from './inference/client.ts';
import type { Film, FilmAnswer } from './inference/messages.ts';
import { judge } from './judgement.ts';
import { tellChanged } from './live.ts';
import { specOf } from './models/folder.ts';
import type { Chosen, Models } from './models/registry.ts';
import { recalibratedOf } from './recalibration/service.ts';
import * as repository from './repository.ts';
import type { Outputs } from './rows.ts';

export interface RunTools {
  readonly db: Db;
  readonly objects: ObjectStore;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly events: Pick<LiveEvents, 'publish'>;
  readonly models: Models;
  readonly inference: Pick<Inference, 'run'>;
  readonly films: Films;
}

export interface RunCounts {
  done: number;
  refused: number;
  failed: number;
  [name: string]: number;
}

/** Films that are read together: each waits for the slowest of them, and their pixels are in memory at once. */
const TOGETHER = 4;
/** After which a film that ends the process is given up: it parks itself and nobody else. */
const MOST_ATTEMPTS = 3;
/** What the process says of a model. */
const OF_MODEL: Readonly<Record<string, PredictionFailure>> = {
  MODEL_MISSING: 'MODEL_MISSING',
  MODEL_CORRUPT: 'MODEL_CORRUPT',
  GATE_UNAVAILABLE: 'GATE_UNAVAILABLE',
  RUNTIME_MISSING: 'RUNTIME_MISSING',
};

/** A prediction that was begun, on its way. */
interface Begun {
  readonly row: repository.PredictionRow;
  readonly patientId: string | null;
  readonly chosen: Chosen;
  readonly prepared: PreparedFilm & { readonly film: Film };
}

interface Run {
  readonly tools: RunTools;
  readonly by: Service;
  readonly counts: RunCounts;
  /** Begun and not ended yet. */
  readonly open: Set<string>;
  readonly signal: AbortSignal;
}

const judgedBy = ({ model: { manifest, digest } }: Chosen): repository.JudgedBy => ({
  name: manifest.name,
  version: manifest.version,
  digest,
});

/**
 * Answers a prediction, and with it some others that wait. Each is answered once, however often it is tried: its end is one statement that finds it without an
 * answer, in one transaction with its event. What ends the process alone three times is given up; a film that does so in company is tried alone first.
 */
export async function runPrediction(tools: RunTools, by: Service, predictionId: string, { signal }: JobRun): Promise<RunCounts> {
  const run: Run = { tools, by, counts: { done: 0, refused: 0, failed: 0 }, open: new Set(), signal };
  const ids = await begin(run, predictionId);
  for (const id of ids) run.open.add(id);
  try {
    const begun: Begun[] = [];
    for (const one of await Promise.all(ids.map((id) => prepare(run, id)))) if (one !== undefined) begun.push(one);
    for (const company of byModel(begun)) await answerAll(run, company);
  } finally {
    // Also after a failure of ours: the next run begins them again.
    const left = [...run.open];
    if (left.length > 0) await tools.db.withScope(scopeOf(by), (tx) => repository.putBack(tx, left)).catch(() => undefined);
  }
  return run.counts;
}

async function begin({ tools, by }: Run, id: string): Promise<string[]> {
  const { db, clock, events } = tools;
  return db.withScope(scopeOf(by), async (tx) => {
    const first = await repository.beginPrediction(tx, id, clock.now());
    if (first === undefined) return [];
    // One that was begun before may be what ended its process: it has no company.
    const others = first.attempts === 1 ? await repository.beginOthers(tx, TOGETHER - 1, clock.now()) : [];
    for (const one of [id, ...others]) await events.publish('predictions-changed', one, tx);
    return [id, ...others];
  });
}

async function prepare(run: Run, id: string): Promise<Begun | undefined> {
  const { tools, by } = run;
  const scope = scopeOf(by);
  const { row, place } = await tools.db.reading(scope, async (tx) => {
    const row = await repository.findPrediction(tx, scope, null, id);
    return { row, place: row?.study_id == null ? undefined : await findStudyPlace(tx, scope, row.study_id) };
  });
  if (row === undefined) {
    await fail(run, { id, group_id: null, study_id: null }, { code: 'IMAGE_GONE', patientId: null });
    return undefined;
  }
  const patientId = place?.patient_id ?? null;
  if (row.attempts > MOST_ATTEMPTS) {
    await fail(run, row, { code: 'WORKER_FAILED', patientId });
    return undefined;
  }
  const chosen = await tools.models.chosenFor(row.question, row.site_id);
  if (typeof chosen === 'string') {
    await fail(run, row, { code: chosen, patientId });
    return undefined;
  }
  const prepared = await tools.films.prepare(by, row, chosen.model.manifest.gates);
  const { film } = prepared;
  if (typeof film !== 'string') return { row, patientId, chosen, prepared: { ...prepared, film } };
  await fail(run, row, { code: film, patientId, prepared, chosen });
  return undefined;
}

/** Films that are asked of the same model. */
function byModel(begun: readonly Begun[]): Begun[][] {
  const groups = new Map<string, Begun[]>();
  for (const one of begun) {
    const { digest } = one.chosen.model;
    groups.set(digest, [...(groups.get(digest) ?? []), one]);
  }
  return [...groups.values()];
}

async function answerAll(run: Run, company: readonly Begun[]): Promise<void> {
  const [first] = company;
  if (first === undefined) return;
  try {
    await keepAll(run, company, await infer(run, company));
  } catch (error) {
    if (!(error instanceof WorkerTaskError)) throw error;
    const code = OF_MODEL[error.code];
    if (code !== undefined) for (const one of company) await fail(run, one.row, { code, ...one });
    else if (company.length > 1) for (const one of company) await answerAlone(run, one);
    else await tryAgain(run, first, error);
  }
}

/** Its company had a failure, which may have been of any of them: counted as a try of its own only from now on. */
async function answerAlone(run: Run, one: Begun): Promise<void> {
  run.signal.throwIfAborted();
  await answerAll(run, [one]);
}

async function tryAgain(run: Run, one: Begun, error: WorkerTaskError): Promise<void> {
  run.signal.throwIfAborted();
  const { tools, by } = run;
  const counted = await tools.db.withScope(scopeOf(by), (tx) => repository.countAttempt(tx, one.row.id));
  if (counted === undefined) run.open.delete(one.row.id);
  else if (counted.attempts > MOST_ATTEMPTS)
    await fail(run, one.row, { code: isEnded(error) ? 'WORKER_FAILED' : 'MODEL_CORRUPT', ...one });
  else await answerAll(run, [one]);
}

const infer = ({ tools }: Run, company: readonly Begun[]): Promise<readonly FilmAnswer[]> => {
  const [first] = company;
  if (first === undefined) return Promise.resolve([]);
  return tools.inference.run({
    spec: specOf(first.chosen.model),
    films: company.map(({ prepared, chosen, row }) => ({
      film: prepared.film,
      threshold: chosen.threshold,
      isSentOn: row.sent_on_from !== null,
    })),
  });
};

async function keepAll(run: Run, company: readonly Begun[], answers: readonly FilmAnswer[]): Promise<void> {
  for (const [index, one] of company.entries()) {
    const answer = answers[index];
    if (answer !== undefined) await keep(run, one, answer);
  }
}

const outputsOf = ({ gate, colour, width, height, answer }: FilmAnswer): Outputs => ({
  gate,
  colour,
  width,
  height,
  area: answer?.area,
  box: answer?.box,
  evidence: answer?.evidence,
});

async function keep(run: Run, one: Begun, said: FilmAnswer): Promise<void> {
  const { tools, by } = run;
  const { row, chosen, prepared, patientId } = one;
  const { answer, refusal } = said;
  if (refusal !== undefined || answer === undefined) {
    const turned = refusal === 'TURNED' ? said.turned : null;
    const code = refusal ?? 'IMAGE_UNREADABLE';
    return fail(run, row, { code, patientId, prepared, chosen, turned, outputs: outputsOf(said) });
  }
  const warnings = row.sent_on_from === null ? prepared.warnings : [...prepared.warnings, 'SENT_ON' as const];
  const { threshold, model } = chosen;
  const judgement = judge(answer, { threshold, rule: model.manifest.confidence, warnings });
  const heat = said.heat === undefined ? undefined : await putHeat(tools.objects, said.heat.png);
  const isKept = await tools.db.withScope(scopeOf(by), async (tx) => {
    const isFirst = await repository.answerPrediction(tx, row.id, prepared.looked, {
      ...{ by: judgedBy(chosen), threshold, judgement, heat, outputs: outputsOf(said), now: tools.clock.now() },
      ...{ probability: answer.probability, logit: answer.logit, spread: answer.spread },
      recalibrated: recalibratedOf(chosen.recalibration, answer.logit, row),
    });
    if (isFirst) await tell(tx, run, row, { patientId, chosen, code: undefined });
    return isFirst;
  });
  // Somebody else has answered it, or it was cancelled: nobody names the picture.
  if (!isKept && heat !== undefined) await tools.objects.delete([heat.object]);
  run.open.delete(row.id);
  if (isKept) run.counts.done += 1;
}

async function putHeat(objects: ObjectStore, png: Uint8Array): Promise<NonNullable<repository.Answered['heat']>> {
  const sha256 = createHash('sha256').update(png).digest();
  const object = new MadeObject(png);
  await objects.put([object]);
  return { object: object.id, sizeBytes: png.length, sha256 };
}

type RowRef = Pick<repository.PredictionRow, 'id' | 'group_id' | 'study_id'>;

interface Failing {
  readonly code: PredictionFailure;
  readonly patientId: string | null;
  readonly prepared?: PreparedFilm;
  readonly chosen?: Chosen | undefined;
  readonly turned?: number | null;
  readonly outputs?: Outputs;
}

async function fail(run: Run, row: RowRef, { code, patientId, prepared, chosen, turned, outputs }: Failing): Promise<void> {
  const { tools, by } = run;
  const isKept = await tools.db.withScope(scopeOf(by), async (tx) => {
    const isFirst = await repository.failPrediction(tx, row.id, prepared?.looked, {
      ...{ code, turnedDegrees: turned ?? null, warnings: prepared?.warnings ?? [], outputs: outputs ?? null },
      ...{ by: chosen === undefined ? undefined : judgedBy(chosen), now: tools.clock.now() },
    });
    if (isFirst) await tell(tx, run, row, { patientId, chosen, code });
    return isFirst;
  });
  run.open.delete(row.id);
  if (isKept) run.counts[code === 'WORKER_FAILED' ? 'failed' : 'refused'] += 1;
}

/** The event of an end, and word of it. */
async function tell(
  tx: Tx,
  { tools: { audit, events }, by }: Run,
  row: RowRef,
  { patientId, chosen, code }: Pick<Failing, 'patientId' | 'chosen'> & { code: PredictionFailure | undefined },
): Promise<void> {
  await audit.record(tx, {
    action: code === undefined ? 'prediction.done' : 'prediction.refused',
    outcome: code === undefined ? 'SUCCESS' : 'FAILURE',
    actor: by,
    entityType: 'prediction',
    entityId: row.id,
    patientId,
    groupId: row.study_id === null ? null : row.group_id,
    details: {
      studyId: row.study_id,
      failureCode: code ?? null,
      modelName: chosen?.model.manifest.name ?? null,
      modelVersion: chosen?.model.manifest.version ?? null,
    },
  });
  await tellChanged(events, tx, { id: row.id, studyId: row.study_id });
}
