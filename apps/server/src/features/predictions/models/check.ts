import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { WorkerTaskError } from '../../../platform/workers/killable-worker.ts';
import type { Inference } from '../inference/client.ts';
import type { FilmAnswer } from '../inference/messages.ts';
import { type ModelFolder, ModelRefusal, specOf } from './folder.ts';
import type { Manifest } from './manifest.ts';

type Picture = Manifest['checks']['pictures'][number];
/** No probability reaches it: checks make no heat maps. */
const NEVER = 2;

/** What of an answer is not as the model's maker measured it; undefined where all is. */
export function deviation(answer: FilmAnswer, picture: Picture, tolerance: Manifest['checks']['tolerance']): string | undefined {
  const isNear = (value: number | undefined, expected: number | undefined, by: number): boolean =>
    expected === undefined || (value !== undefined && Math.abs(value - expected) <= by);
  const { model, gate } = picture;
  if (answer.smallSha256 !== picture.smallSha256) return 'preprocessing';
  if (!isNear(answer.gate?.accepted, gate?.accepted, tolerance.gate)) return 'gate';
  const { answer: said } = answer;
  if (!isNear(said?.probability, model?.probability, tolerance.probability)) return 'probability';
  if (!isNear(said?.logit, model?.logit, tolerance.logit) || !isNear(said?.spread, model?.spread, tolerance.logit))
    return 'logit';
  return isNear(said?.area, model?.area, tolerance.area) ? undefined : 'area';
}

/** Holds a model against its own checks, one picture after the other. Gives their number. Fails with ModelRefusal. */
export async function checkModel(inference: Pick<Inference, 'run'>, model: ModelFolder): Promise<number> {
  const { pictures, tolerance } = model.manifest.checks;
  const spec = specOf(model);
  for (const picture of pictures) {
    const bytes = await readFile(path.join(model.folder, picture.file)).catch(() => {
      throw new ModelRefusal('FILE_MISSING', picture.file);
    });
    const film = { film: { kind: 'file', bytes }, threshold: NEVER, isSentOn: true } as const;
    const [answer] = await inference.run({ spec, films: [film] }).catch((error: unknown) => {
      throw error instanceof WorkerTaskError ? new ModelRefusal('DOES_NOT_RUN', error.code) : error;
    });
    const wrong = answer === undefined ? 'nothing' : deviation(answer, picture, tolerance);
    if (wrong !== undefined) throw new ModelRefusal('CHECK_FAILED', `${picture.file}: ${wrong}`);
  }
  return pictures.length;
}
