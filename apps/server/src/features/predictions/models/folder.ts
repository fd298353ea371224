import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ModelReason } from '@negatoscope/contract';
import { inspectOnnx } from '../../../platform/onnx/onnx-file.ts';
import { NotOnnx } from '../../../platform/onnx/protobuf-fields.ts';
import type { ModelSpec } from '../inference/messages.ts';
import { Manifest } from './manifest.ts';
import { ALLOWED_OPERATORS } from './operators.ts';

/** A model's folder as it was read. */
export interface ModelFolder {
  readonly folder: string;
  readonly manifest: Manifest;
  /** SHA-256 of the manifest, which names the hash of every file. */
  readonly digest: string;
  readonly card: string;
}

/** Why a folder is no model that may be used. `detail` names a field, a file or an operator. */
export class ModelRefusal extends Error {
  readonly reason: ModelReason;

  constructor(reason: ModelReason, detail?: string) {
    super(detail === undefined ? reason : `${reason}: ${detail}`);
    this.reason = reason;
  }
}

export const MANIFEST = 'model.json';
const MAX_MANIFEST_BYTES = 1024 * 1024;
const MAX_CARD_BYTES = 1024 * 1024;
const MAX_MODEL_BYTES = 512 * 1024 * 1024;

/** Beside the bundle, or from the sources. */
const BUILT_IN = [new URL('../models/', import.meta.url), new URL('../../../../models/', import.meta.url)];
/** The model that came with the program. */
const BUILT_IN_NAME = 'tb-chest-xray';

const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

async function readBounded(file: string, maxBytes: number, missing: ModelReason): Promise<Buffer> {
  const about = await stat(file).catch(() => undefined);
  if (about === undefined || !about.isFile()) throw new ModelRefusal(missing, path.basename(file));
  if (about.size > maxBytes) throw new ModelRefusal('TOO_LARGE', path.basename(file));
  return readFile(file);
}

async function readHashed(folder: string, { file, sha256 }: Manifest['card'], maxBytes: number): Promise<Buffer> {
  const bytes = await readBounded(path.join(folder, file), maxBytes, 'FILE_MISSING');
  if (sha256Of(bytes) !== sha256) throw new ModelRefusal('WRONG_HASH', file);
  return bytes;
}

function parseManifest(bytes: Buffer): Manifest {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new ModelRefusal('BAD_MANIFEST', 'not JSON');
  }
  const parsed = Manifest.safeParse(value);
  if (!parsed.success) throw new ModelRefusal('BAD_MANIFEST', parsed.error.issues[0]?.path.join('.') ?? '');
  return parsed.data;
}

/** The manifest and card of a folder; the models are checked by who opens them. Fails with ModelRefusal. */
export async function readFolder(folder: string): Promise<ModelFolder> {
  const bytes = await readBounded(path.join(folder, MANIFEST), MAX_MANIFEST_BYTES, 'NO_MANIFEST');
  const manifest = parseManifest(bytes);
  const card = (await readHashed(folder, manifest.card, MAX_CARD_BYTES)).toString('utf8');
  return { folder, manifest, digest: sha256Of(bytes), card };
}

function requireForm(bytes: Uint8Array, input: string, outputs: readonly string[]): void {
  const summary = (() => {
    try {
      return inspectOnnx(bytes);
    } catch (error) {
      throw error instanceof NotOnnx ? new ModelRefusal('NOT_ONNX', error.message) : error;
    }
  })();
  if (summary.hasExternalData) throw new ModelRefusal('EXTERNAL_DATA');
  const refused = [...summary.operators].filter((name) => !ALLOWED_OPERATORS.has(name));
  if (refused.length > 0 || summary.domains.size > 0 || summary.hasFunctions)
    throw new ModelRefusal('OPERATOR_REFUSED', [...refused, ...summary.domains].join(' '));
  const lacks = outputs.filter((name) => !summary.outputs.includes(name));
  if (!summary.inputs.includes(input) || lacks.length > 0) throw new ModelRefusal('WRONG_FORM', [input, ...lacks].join(' '));
}

/** Looks through everything that a model's folder brings, before anything of it runs. Fails with ModelRefusal. */
export async function examineFolder({ folder, manifest }: ModelFolder): Promise<void> {
  const { input, outputs, gateOutputs } = manifest;
  requireForm(await readHashed(folder, manifest.model, MAX_MODEL_BYTES), input.name, Object.values(outputs));
  requireForm(await readHashed(folder, manifest.gate, MAX_MODEL_BYTES), input.name, Object.values(gateOutputs));
}

/** What a film is judged by, with the places of the files. */
export function specOf({ folder, manifest, digest }: ModelFolder): ModelSpec {
  const { model, gate, input, outputs, gateOutputs, gates } = manifest;
  const { minAgeYears: _age, modalities: _modalities, ...pixelGates } = gates;
  const placed = ({ file, sha256 }: Manifest['model']) => ({ path: path.join(folder, file), sha256 });
  return {
    digest,
    model: placed(model),
    gate: placed(gate),
    input: { name: input.name, side: input.side },
    outputs,
    gateOutputs,
    gates: pixelGates,
  };
}

/** The model that came with the program; undefined where it is missing or not as it came. */
export async function builtInModel(): Promise<ModelFolder | undefined> {
  for (const base of BUILT_IN) {
    const found = await readFolder(path.join(fileURLToPath(base), BUILT_IN_NAME)).catch((error: unknown) => {
      if (error instanceof ModelRefusal) return undefined;
      throw error;
    });
    if (found !== undefined) return found;
  }
  return undefined;
}
