import path from 'node:path';
import { type Db, NO_ROWS } from '../../../platform/db/database.ts';
import { findRecalibration, type RecalibrationRow } from '../recalibration/repository.ts';
import { builtInModel, type ModelFolder, ModelRefusal, readFolder } from './folder.ts';
import * as repository from './repository.ts';

/** The model that answers for a site, at which threshold, and as what it was recalibrated there. */
export interface Chosen {
  readonly model: ModelFolder;
  readonly threshold: number;
  readonly recalibration: RecalibrationRow | undefined;
}

/** Models by where they are chosen. */
export interface Models {
  /** The model of a site, else of the installation, else the one that came with the program. A code says why there is none that can be used. */
  chosenFor(question: string, siteId: string | null): Promise<Chosen | 'MODEL_MISSING' | 'MODEL_CORRUPT'>;
  /** An installed model's folder. */
  folderOf(id: string): string;
  /** Of an installed model, as it stands on the disk; undefined where it is missing or not what its row says. */
  installed(row: repository.ModelRow): Promise<ModelFolder | undefined>;
}

export function createModels({ db, root }: { readonly db: Pick<Db, 'reading'>; readonly root: string }): Models {
  const folderOf = (id: string): string => path.join(root, id);
  const installed = async ({ id, digest }: Pick<repository.ModelRow, 'id' | 'digest'>): Promise<ModelFolder | undefined> => {
    const found = await readFolder(folderOf(id)).catch((error: unknown) => {
      if (error instanceof ModelRefusal) return undefined;
      throw error;
    });
    return found?.digest === digest ? found : undefined;
  };
  return {
    folderOf,
    installed,
    chosenFor: async (question, siteId) => {
      const builtIn = await builtInModel();
      const { choice, row, threshold, recalibration } = await db.reading(NO_ROWS, async (tx) => {
        const choice = await repository.findChoice(tx, question, siteId);
        const row = choice && (await repository.findModelOf(tx, choice.model_name, choice.model_version));
        const name = choice?.model_name ?? builtIn?.manifest.name ?? '';
        const version = choice?.model_version ?? builtIn?.manifest.version ?? '';
        return {
          ...{ choice, row, threshold: await repository.findThreshold(tx, { siteId, name, version }) },
          recalibration: await findRecalibration(tx, { siteId, modelName: name, modelVersion: version }),
        };
      });
      const isBuiltIn =
        choice === undefined ||
        (choice.model_name === builtIn?.manifest.name && choice.model_version === builtIn.manifest.version);
      if (!isBuiltIn && (row === undefined || row.state !== 'READY')) return 'MODEL_MISSING';
      const model = isBuiltIn || row === undefined ? builtIn : await installed(row);
      if (model === undefined || model.manifest.question !== question) return isBuiltIn ? 'MODEL_MISSING' : 'MODEL_CORRUPT';
      return { model, threshold: threshold ?? model.manifest.threshold.probability, recalibration };
    },
  };
}
