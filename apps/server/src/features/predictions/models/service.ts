import type { Readable } from 'node:stream';
import type { BodyOf, chooseModel, listModels, Model, ModelChoice, ModelReason, ResultOf } from '@negatoscope/contract';
import { type Person, requirePermission, type Service } from '../../../access/index.ts';
import { groupExists } from '../../../archive/partitions.ts';
import { BrokenInvariant } from '../../../kernel/broken-invariant.ts';
import type { Clock } from '../../../kernel/clock.ts';
import { Failure, notFound } from '../../../kernel/failure.ts';
import { newId } from '../../../kernel/ids.ts';
import { type Db, NO_ROWS } from '../../../platform/db/database.ts';
import { isUniqueViolation } from '../../../platform/db/sql-state.ts';
import type { Queue } from '../../../platform/queue/queue.ts';
import type { Audit } from '../../audit/index.ts';
import type { Inference } from '../inference/client.ts';
import { CHECK_MODEL } from '../job-kinds.ts';
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
  threshold: row.threshold,
  chosenAt: row.chosen_at.toISOString(),
});

export async function list({ db, models }: ModelDeps): Promise<ResultOf<typeof listModels>> {
  const builtIn = await builtInModel();
  const { rows, choices } = await db.reading(NO_ROWS, async (tx) => ({
    rows: await repository.findModels(tx),
    choices: await repository.findChoices(tx),
  }));
  const installed = await Promise.all(rows.map((row) => modelOf(models, row)));
  return { items: [...(builtIn === undefined ? [] : [builtInOf(builtIn)]), ...installed], choices: choices.map(choiceOf) };
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
    await audit.record(tx, {
      ...{ action: 'model.removed', outcome: 'SUCCESS', actor, entityType: 'model', entityId: id },
      details: { name: row.name, version: row.version },
    });
  });
  await removeModelFolder(models.folderOf(id));
}

/** Chooses a model that can be used. Fails with UNPROCESSABLE for an unknown group or model, or one that is not READY. */
export async function choose(
  { db, audit, clock, models }: ModelDeps,
  actor: Person,
  { siteId, modelName, modelVersion, threshold }: BodyOf<typeof chooseModel>,
): Promise<ModelChoice> {
  const builtIn = await builtInModel();
  return db.withScope(NO_ROWS, async (tx) => {
    if (siteId !== null && !(await groupExists(tx, siteId))) throw new Failure('UNPROCESSABLE', { detail: 'No such group.' });
    const row = await repository.findModelOf(tx, modelName, modelVersion);
    const isBuiltIn = builtIn?.manifest.name === modelName && builtIn.manifest.version === modelVersion;
    const manifest = isBuiltIn ? builtIn.manifest : row?.state === 'READY' && (await models.installed(row))?.manifest;
    if (!manifest) throw new Failure('UNPROCESSABLE', { detail: 'No such model that can be used.' });
    const { question } = manifest;
    await repository.putChoice(tx, { siteId, question, modelName, modelVersion, threshold, by: actor.userId, now: clock.now() });
    await audit.record(tx, {
      ...{ action: 'model.chosen', outcome: 'SUCCESS', actor, entityType: 'model', entityId: modelName, groupId: siteId },
      details: { question, version: modelVersion, threshold },
    });
    const choice = await repository.findChoice(tx, question, siteId);
    if (choice === undefined) throw new BrokenInvariant('A choice that was kept is not there.');
    return choiceOf(choice);
  });
}
