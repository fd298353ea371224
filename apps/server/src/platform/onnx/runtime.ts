import { createRequire } from 'node:module';

/** A tensor of onnxruntime, as far as it is used here. */
export interface Tensor {
  readonly data: Float32Array;
  readonly dims: readonly number[];
}

export interface Session {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  run(feeds: Readonly<Record<string, Tensor>>): Promise<Readonly<Record<string, Tensor>>>;
  release(): Promise<void>;
}

interface OnnxRuntime {
  readonly InferenceSession: { create(model: Uint8Array, options: object): Promise<Session> };
  readonly Tensor: new (type: 'float32', data: Float32Array, dims: readonly number[]) => Tensor;
}

/** The runtime is not there for this platform. */
export class NoRuntime extends Error {
  readonly code = 'RUNTIME_MISSING';
}

/**
 * onnxruntime-node, from where `from` (a file of the server) finds packages: the bundle of a worker that is run from sources lies elsewhere. Its types would bring
 * a package of their own; these are the parts used, checked by the tests. Fails with NoRuntime.
 */
export function loadRuntime(from: string): OnnxRuntime {
  const require = createRequire(from);
  try {
    return require('onnxruntime-node') as OnnxRuntime;
  } catch (cause) {
    throw new NoRuntime('onnxruntime-node cannot be loaded', { cause });
  }
}

/** One thread: films are many and cores are few, and the server is in use. Memory is given back between films instead of kept for the largest. */
const SESSION = {
  executionProviders: ['cpu'],
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  graphOptimizationLevel: 'all',
  enableCpuMemArena: false,
} as const;

/** A model from memory, so that nothing on the disk stands beside it. */
export const openSession = ({ InferenceSession }: OnnxRuntime, model: Uint8Array): Promise<Session> =>
  InferenceSession.create(model, SESSION);
