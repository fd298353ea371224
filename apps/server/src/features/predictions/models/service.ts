import type { Readable } from 'node:stream';
import type {
  BodyOf,
  chooseModel,
  listModels,
  Model,
  ModelChoice,
  ModelReason,
  ModelThreshold,
  QueryOf,
  ResultOf,
  setThreshold as setThresholdOperation,
  unchooseModel,
} from '@negatoscope/contract';
import { type Person, requirePermission, type Service } from '../../../access/index.ts';
import { groupExists } from '../../../archive/partitions.ts';
import { BrokenInvariant } from '../../../kernel/broken-invariant.ts';
import type { Clock } from '../../../kernel/clock.ts';
import { Failure, notFound } from '../../../kernel/failure.ts';
import { newId } from '../../../kernel/ids.ts';
import { type Db, NO_ROWS, type ReadTx } from '../../../platform/db/database.ts';
import { isUniqueViolation } from '../../../platform/db/sql-state.ts';
import type { Queue } from '../../../platform/queue/queue.ts';
import type { Audit } from '../../audit/index.ts';
import type { Inference } from '../inference/client.ts';
import { CHECK_MODEL } from '../job-kinds.ts';
import { deleteRecalibrationsOf } from '../recalibration/repository.ts';
import { list as recalibrationsIn } from '../recalibration/service.ts';
import { checkModel } from './check.ts';
import { builtInModel, examineFolder, type ModelFolder, ModelRefusal, readFolder } from './folder.ts';
import { removeModelFolder, removeStray, unpackModel } from './install.ts';
import type { Manifest } from './manifest.ts';
import type { Models } from './registry.ts';
import * as repository from './repository.ts';

export interface ModelDeps {
  readonly db: Db;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly queue: Pick<Queue, 'send'>;
  readonly models: Models;
  /** DATA_DIR/models. */
  readonly root: string;
}

const about = ({ name, version, question, title, licence, threshold, gates, checks }: Manifest) => ({
  ...{ name, version, question, title, licence, threshold },
  minAgeYears: gates.minAgeYears,
  checkPictures: checks.pictures.length,
});

const builtInOf = ({ manifest, card }: ModelFolder): Model => ({
  ...{ id: null, ...about(manifest), card, state: 'READY', reason: null, installedAt: null, checkedAt: null },
});

async function modelOf(models: Models, row: repository.ModelRow): Promise<Model> {
  const isThere = row.state !== 'READY' || (await models.installed(row)) !== undefined;
  return {
    ...{ id: row.id, ...about(row.manifest), card: row.card, reason: row.reason },
    state: isThere ? row.state : 'MISSING',
    installedAt: row.installed_at.toISOString(),
    checkedAt: row.checked_at?.toISOString() ?? null,
  };
}

const choiceOf = (row: repository.ChoiceRow): ModelChoice => ({
  siteId: row.site_id,
  question: row.question,
  modelName: row.model_name,
  modelVersion: row.model_version,
  chosenAt: row.chosen_at.toISOString(),
});

const thresholdOf = (row: repository.ThresholdRow): ModelThreshold => ({
  siteId: row.site_id,
  modelName: row.model_name,
  modelVersion: row.model_version,
  threshold: row.threshold,
  setAt: row.set_at.toISOString(),
});

export async function list({ db, models }: ModelDeps): Promise<ResultOf<typeof listModels>> {
  const builtIn = await builtInModel();
  const { rows, choices, ...settings } = await db.reading(NO_ROWS, async (tx) => ({
    rows: await repository.findModels(tx),
    choices: await repository.findChoices(tx),
    thresholds: (await repository.findThresholds(tx)).map(thresholdOf),
    recalibrations: await recalibrationsIn(tx),
  }));
  const installed = await Promise.all(rows.map((row) => modelOf(models, row)));
  const items = [...(builtIn === undefined ? [] : [builtInOf(builtIn)]), ...installed];
  return { items, choices: choices.map(choiceOf), ...settings };
}

const refused = (error: unknown): unknown =>
  error instanceof ModelRefusal ? new Failure('MODEL_REFUSED', { detail: error.message, cause: error }) : error;

/** Takes a model's folder as a ZIP; it can be chosen once it has passed its checks. Fails with MODEL_REFUSED, whose detail is one of MODEL_REASONS, NAME_TAKEN, TOO_LARGE. */
export async function install(deps: ModelDeps, actor: Person, body: Readable): Promise<Model> {
  const { db, audit, clock, queue, models, root } = deps;
  const id = newId();
  const builtIn = await builtInModel();
  await unpackModel(root, id, body, async (folder) => {
    const draft = await readFolder(folder);
    await examineFolder(draft);
    const { name, version } = draft.manifest;
    if (name === builtIn?.manifest.name && version === builtIn.manifest.version) throw new Failure('NAME_TAKEN');
  }).catch((error: unknown) => {
    throw refused(error);
  });
  const { manifest, digest, card } = await readFolder(models.folderOf(id));
  // The folder before its row: who checks it finds it.
  await db
    .withScope(NO_ROWS, async (tx) => {
      await repository.insertModel(tx, { id, manifest, digest, card, by: actor.userId, now: clock.now() });
      await queue.send(CHECK_MODEL, { modelId: id }, tx);
      await audit.record(tx, {
        ...{ action: 'model.installed', outcome: 'SUCCESS', actor, entityType: 'model', entityId: id },
        details: { name: manifest.name, version: manifest.version, digest },
      });
    })
    .catch(async (error: unknown) => {
      await removeModelFolder(models.folderOf(id));
      throw isUniqueViolation(error) ? new Failure('NAME_TAKEN') : error;
    });
  const row = await db.reading(NO_ROWS, (tx) => repository.findModel(tx, id));
  if (row === undefined) throw new BrokenInvariant('A model that was installed is not there.');
  return modelOf(models, row);
}

/** Holds an installed model against its own checks. Gives the number of pictures. Idempotent. */
export async function check(
  { db, audit, clock, models, inference }: Omit<ModelDeps, 'queue' | 'root'> & { readonly inference: Pick<Inference, 'run'> },
  by: Service,
  modelId: string,
): Promise<number> {
  requirePermission(by, 'system.manage');
  const row = await db.reading(NO_ROWS, (tx) => repository.findModel(tx, modelId));
  if (row === undefined || row.state !== 'CHECKING') return 0;
  const { pictures, reason } = await held(models, inference, row);
  await db.withScope(NO_ROWS, async (tx) => {
    await repository.setChecked(tx, modelId, reason, clock.now());
    await audit.record(tx, {
      ...{
        action: 'model.checked',
        outcome: reason === null ? 'SUCCESS' : 'FAILURE',
        actor: by,
        entityType: 'model',
        entityId: modelId,
      },
      details: { name: row.name, version: row.version, reason },
    });
  });
  return pictures;
}

async function held(
  models: Models,
  inference: Pick<Inference, 'run'>,
  row: repository.ModelRow,
): Promise<{ pictures: number; reason: ModelReason | null }> {
  try {
    const model = await models.installed(row);
    if (model === undefined) throw new ModelRefusal('FILE_MISSING');
    return { pictures: await checkModel(inference, model), reason: null };
  } catch (error) {
    if (!(error instanceof ModelRefusal)) throw error;
    return { pictures: 0, reason: error.reason };
  }
}

/** Longer than any model takes to be received and unpacked. */
const STRAY_MS = 6 * 3_600_000;

/** Removes what installs that were cut have left in the folder of models. Gives the number. */
export async function tidyModels({ db, clock, root }: Pick<ModelDeps, 'db' | 'clock' | 'root'>): Promise<number> {
  const rows = await db.reading(NO_ROWS, (tx) => repository.findModels(tx));
  return removeStray(root, new Set(rows.map(({ id }) => id)), new Date(clock.now().getTime() - STRAY_MS));
}

/** Removes an installed model. Fails with NOT_FOUND, CONFLICT while it is chosen somewhere. */
export async function remove({ db, audit, models }: ModelDeps, actor: Person, id: string): Promise<void> {
  await db.withScope(NO_ROWS, async (tx) => {
    const row = await repository.findModel(tx, id);
    if (row === undefined) throw notFound();
    if (await repository.isChosen(tx, row.name, row.version))
      throw new Failure('CONFLICT', { detail: 'It is chosen somewhere.' });
    await repository.deleteModel(tx, id);
    await repository.deleteThresholdsOf(tx, row.name, row.version);
    await deleteRecalibrationsOf(tx, row.name, row.version);
    await audit.record(tx, {
      ...{ action: 'model.removed', outcome: 'SUCCESS', actor, entityType: 'model', entityId: id },
      details: { name: row.name, version: row.version },
    });
  });
  await removeModelFolder(models.folderOf(id));
}

/** What a model that can be used says of itself; undefined where there is none. */
export async function usable(models: Models, tx: ReadTx, name: string, version: string): Promise<Manifest | undefined> {
  const builtIn = await builtInModel();
  if (builtIn?.manifest.name === name && builtIn.manifest.version === version) return builtIn.manifest;
  const row = await repository.findModelOf(tx, name, version);
  return row?.state === 'READY' ? (await models.installed(row))?.manifest : undefined;
}

const requireSite = async (tx: ReadTx, siteId: string | null): Promise<void> => {
  if (siteId !== null && !(await groupExists(tx, siteId))) throw new Failure('UNPROCESSABLE', { detail: 'No such group.' });
};
const noModel = (): Failure => new Failure('UNPROCESSABLE', { detail: 'No such model that can be used.' });

/** Chooses a model that can be used. Fails with UNPROCESSABLE for an unknown group or model, or one that is not READY. */
export async function choose(
  { db, audit, clock, models }: ModelDeps,
  actor: Person,
  { siteId, modelName, modelVersion }: BodyOf<typeof chooseModel>,
): Promise<ModelChoice> {
  return db.withScope(NO_ROWS, async (tx) => {
    await requireSite(tx, siteId);
    const manifest = await usable(models, tx, modelName, modelVersion);
    if (manifest === undefined) throw noModel();
    const { question } = manifest;
    await repository.putChoice(tx, { siteId, question, modelName, modelVersion, by: actor.userId, now: clock.now() });
    await audit.record(tx, {
      ...{ action: 'model.chosen', outcome: 'SUCCESS', actor, entityType: 'model', entityId: modelName, groupId: siteId },
      details: { question, version: modelVersion },
    });
    const choice = await repository.findChoice(tx, question, siteId);
    if (choice === undefined) throw new BrokenInvariant('A choice that was kept is not there.');
    return choiceOf(choice);
  });
}

/** Takes back the choice of a site, or of the installation; nothing where there is none. */
export async function unchoose(
  { db, audit }: Pick<ModelDeps, 'db' | 'audit'>,
  actor: Person,
  { siteId: site, question }: QueryOf<typeof unchooseModel>,
): Promise<void> {
  const siteId = site ?? null;
  await db.withScope(NO_ROWS, async (tx) => {
    const gone = await repository.deleteChoice(tx, question, siteId);
    if (gone === undefined) return;
    await audit.record(tx, {
      ...{ action: 'model.unchosen', outcome: 'SUCCESS', actor, entityType: 'model', entityId: gone.model_name, groupId: siteId },
      details: { question, version: gone.model_version },
    });
  });
}

/** Sets the threshold of a model version at a site, from now on. Fails with UNPROCESSABLE as `choose`, CONFLICT where the site has another than the actor has seen. */
export async function setThreshold(
  { db, audit, clock, models }: ModelDeps,
  actor: Person,
  { threshold, before, ...of }: BodyOf<typeof setThresholdOperation>,
): Promise<ModelThreshold[]> {
  return db.withScope(NO_ROWS, async (tx) => {
    await requireSite(tx, of.siteId);
    if ((await usable(models, tx, of.modelName, of.modelVersion)) === undefined) throw noModel();
    await repository.holdThresholds(tx);
    const own = await repository.ownThreshold(tx, of);
    if (own !== before) throw new Failure('CONFLICT', { detail: 'Another threshold was set meanwhile.' });
    if (threshold === null) await repository.deleteThreshold(tx, of);
    else await repository.putThreshold(tx, { ...of, threshold, by: actor.userId, now: clock.now() });
    await audit.record(tx, {
      ...{
        action: 'threshold.changed',
        outcome: 'SUCCESS',
        actor,
        entityType: 'model',
        entityId: of.modelName,
        groupId: of.siteId,
      },
      details: { version: of.modelVersion, before, threshold },
    });
    return (await repository.findThresholds(tx)).map(thresholdOf);
  });
}
