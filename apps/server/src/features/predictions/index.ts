import {
  cancelPrediction,
  chooseModel,
  getPrediction,
  giveOpinion,
  installModel,
  listBlindReading,
  listModels,
  listPredictions,
  listSaid,
  PredictBody,
  type Prediction,
  predict,
  predictionEvents,
  predictionHeatmap,
  predictStudy,
  removeModel,
  saveBlindReading,
  sendOnPrediction,
  setThreshold,
  unchooseModel,
  validatePrediction,
} from '@negatoscope/contract';
import type { FastifyRequest } from 'fastify';
import { type Person, requirePermission, type ServiceJob, serviceJob } from '../../access/index.ts';
import { type Input, type Router, sendEvents } from '../../access/router.ts';
import type { HeaderThread } from '../../archive/pixels/index.ts';
import { Failure } from '../../kernel/failure.ts';
import type { Db } from '../../platform/db/database.ts';
import type { Scratch } from '../../platform/objects/scratch/index.ts';
import type { GuardedObjects } from '../../platform/objects/store/index.ts';
import type { Queue } from '../../platform/queue/queue.ts';
import { goneSignal } from '../../platform/sending/at-close.ts';
import type { SharedState } from '../../platform/shared-state/index.ts';
import { createFilms } from './film.ts';
import { createInference } from './inference/client.ts';
import { CHECK_MODEL, KEEP_RESULT, PREDICT, TIDY_PREDICTIONS } from './job-kinds.ts';
import { predictionChanges, whenEnded } from './live.ts';
import { createModels } from './models/registry.ts';
import * as models from './models/service.ts';
import { readerOf } from './reader.ts';
import { registerRecalibration } from './recalibration/routes.ts';
import { makeResult, type StoreMade } from './results/make.ts';
import { runPrediction } from './run.ts';
import * as said from './said/service.ts';
import * as predictions from './service.ts';
import { registerStatistics } from './statistics/routes.ts';
import { removeOverdue, sendForgotten, sendForgottenResults } from './tidy.ts';
import { askAboutUpload, uploadTypeOf } from './uploads.ts';

export type PredictionParts = predictions.PredictionDeps &
  Pick<models.ModelDeps, 'db' | 'audit' | 'clock' | 'queue' | 'root'> & {
    readonly uploads: Scratch;
    /** Whose the installation is, as printed papers say it. */
    readonly installation: string;
  };

const MOST_WAIT_SECONDS = 60;

/** Seconds that a client waits for an answer: `Prefer: wait=30` (RFC 7240 4.3); 0 without. */
function waitOf({ headers }: FastifyRequest): number {
  const seconds = /(?:^|[,;\s])wait=(\d{1,4})\b/i.exec(String(headers.prefer ?? ''))?.[1];
  return Math.min(MOST_WAIT_SECONDS, Number(seconds ?? 0));
}

/** What is asked about: JSON names an image or study, anything else is one. Fails with VALIDATION_FAILED, UNSUPPORTED_MEDIA_TYPE. */
async function askOf(parts: PredictionParts, { actor, query, request }: Input<typeof predict>): Promise<string> {
  const contentType = request.headers['content-type'];
  if (/^application\/json\b/i.test(contentType ?? '')) {
    const body = PredictBody.safeParse(request.body ?? {});
    if (body.success) return predictions.ask(parts, actor, body.data);
    const errors = body.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
    throw new Failure('VALIDATION_FAILED', { errors });
  }
  const type = uploadTypeOf(contentType);
  if (type === undefined) throw new Failure('UNSUPPORTED_MEDIA_TYPE');
  return askAboutUpload(parts, actor, { raw: request.raw, type, ageYears: query.ageYears });
}

function registerAsking(router: Router, parts: PredictionParts): void {
  router.handle(predict, async (input) => {
    const { actor, request, reply } = input;
    const id = await askOf(parts, input);
    const look = () => predictions.look(parts, actor, id);
    const seconds = waitOf(request);
    void reply.header('location', `/api/predictions/${id}`);
    if (seconds > 0) {
      const signal = goneSignal(reply.raw);
      const found = await whenEnded(parts.events, look, { id, ms: seconds * 1000, signal });
      if (found.status === 'DONE' || found.status === 'FAILED') {
        void reply.header('preference-applied', `wait=${seconds}`);
        return found;
      }
    }
    void reply.code(202);
    return look();
  });
  router.handle(predictStudy, async ({ actor, params, query, body, reply }) => {
    const id = await predictions.ask(parts, actor, { ...params, ...query, ...body });
    void reply.header('location', `/api/predictions/${id}`);
    return predictions.look(parts, actor, id);
  });
  router.handle(sendOnPrediction, async ({ actor, params, body, reply }) => {
    const id = await predictions.sendOn(parts, actor, params.id, body.reason);
    void reply.header('location', `/api/predictions/${id}`);
    return predictions.look(parts, actor, id);
  });
  router.handle(cancelPrediction, ({ actor, params }) => predictions.cancel(parts, actor, params.id));
}

function registerReading(router: Router, parts: PredictionParts): void {
  router.handle(listPredictions, ({ actor, query }) => predictions.list(parts, actor, query));
  router.handle(getPrediction, ({ actor, params }) => predictions.get(parts, actor, params.id));
  router.handle(predictionEvents, async ({ actor, query, reply }) => {
    const look = (id: string) => predictions.lookAsTold(parts, actor, id, query.studyId).catch(() => undefined);
    await parts.audit.noteLightly({ action: 'prediction.listened', actor, entityType: 'prediction' });
    return sendEvents(reply, predictionChanges(parts.events, look));
  });
  router.handle(predictionHeatmap, async ({ actor, params, reply }) =>
    reply.type('image/png').send(await predictions.heatmap(parts, actor, params.id)),
  );
}

function registerSaid(router: Router, parts: PredictionParts): void {
  router.handle(giveOpinion, async ({ actor, params, body, reply }) => {
    await said.opine(parts, actor, params.id, body);
    void reply.code(201);
    return predictions.look(parts, actor, params.id);
  });
  router.handle(validatePrediction, async ({ actor, params, body, reply }) => {
    await said.decide(parts, actor, params.id, body);
    void reply.code(201);
    return predictions.look(parts, actor, params.id);
  });
  router.handle(listSaid, ({ actor, params }) => said.history(parts, actor, params.id));
  router.handle(listBlindReading, () => said.blindReadings(parts));
  router.handle(saveBlindReading, async ({ actor, body }) => {
    await said.setBlindReading(parts, actor, body);
    return said.blindReadings(parts);
  });
}

function registerModels(router: Router, parts: PredictionParts): void {
  const deps = { ...parts, models: createModels(parts) };
  router.handle(listModels, () => models.list(deps));
  router.handle(installModel, async ({ actor, request, reply }) => {
    if (!/^application\/zip\b/i.test(request.headers['content-type'] ?? '')) throw new Failure('UNSUPPORTED_MEDIA_TYPE');
    void reply.code(202);
    return models.install(deps, actor, request.raw);
  });
  router.handle(removeModel, async ({ actor, params }) => {
    await models.remove(deps, actor, params.id);
    return undefined;
  });
  router.handle(chooseModel, ({ actor, body }) => models.choose(deps, actor, body));
  router.handle(unchooseModel, async ({ actor, query }) => {
    await models.unchoose(deps, actor, query);
    return undefined;
  });
  router.handle(setThreshold, async ({ actor, body }) => ({ thresholds: await models.setThreshold(deps, actor, body) }));
  registerRecalibration(router, {
    ...deps,
    leastAgeOf: async (tx, name, version) => (await models.usable(deps.models, tx, name, version))?.gates.minAgeYears,
  });
}

/** What people ask and say, for what does it in their name: the demonstration set. */
export const predictionActs = {
  list: predictions.list,
  ask: predictions.ask,
  look: predictions.look,
  opine: said.opine,
  decide: said.decide,
};

export type { PredictionDeps, ResultDecided } from './service.ts';

/** How a consultation asks about a film, and is told what it then waits for. */
type AskFrom = (actor: Person, body: PredictBody, consultationId: string) => Promise<Prediction>;

interface Predictions {
  readonly askFrom: AskFrom;
  /** What other rooms are told of them. */
  readonly reader: ReturnType<typeof readerOf>;
}

/** Joins predictions and their models to the router. */
export function registerPredictions(router: Router, parts: PredictionParts): Predictions {
  registerAsking(router, parts);
  registerReading(router, parts);
  registerSaid(router, parts);
  registerModels(router, parts);
  registerStatistics(router, parts);
  return {
    reader: readerOf({ ...parts, models: createModels(parts) }),
    askFrom: async (actor, body, consultationId) =>
      predictions.look(parts, actor, await predictions.ask(parts, actor, body, consultationId)),
  };
}

export interface PredictionJobParts {
  readonly db: Db;
  readonly objects: GuardedObjects;
  readonly uploads: Scratch;
  readonly audit: predictions.PredictionDeps['audit'];
  readonly clock: predictions.PredictionDeps['clock'];
  readonly queue: Queue;
  readonly state: Pick<SharedState, 'events'>;
  readonly ingest: { readonly storeMade: StoreMade };
  /** DATA_DIR/models. */
  readonly modelsFolder: string;
}

/** The handlers of this feature's kinds. Models run in a process that is started by the first film and ends with this one. */
export function predictionJobs(parts: PredictionJobParts, openHeaders: () => HeaderThread): ServiceJob[] {
  const tools = once(() => {
    const registry = createModels({ db: parts.db, root: parts.modelsFolder });
    const films = createFilms({ ...parts, headers: openHeaders() });
    return { ...parts, events: parts.state.events, models: registry, inference: createInference(), films };
  });
  return [
    serviceJob(PREDICT, ['predictions.run', 'studies.read'], async (by, { predictionId }, run) => {
      requirePermission(by, 'predictions.run');
      return runPrediction(tools(), by, predictionId, run);
    }),
    serviceJob(CHECK_MODEL, ['system.manage'], async (by, { modelId }) => ({
      pictures: await models.check(tools(), by, modelId),
    })),
    serviceJob(KEEP_RESULT, ['imports.create', 'studies.read', 'predictions.read'], async (by, { resultId }) => ({
      stored: await makeResult(tools(), by, resultId),
    })),
    serviceJob(TIDY_PREDICTIONS, ['predictions.run'], async (by) => ({
      removed: await removeOverdue(parts, by),
      sent: (await sendForgotten(parts, by)) + (await sendForgottenResults(parts, by)),
      stray: await models.tidyModels({ ...parts, root: parts.modelsFolder }),
    })),
  ];
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
