interface Answer {
  readonly id: number;
  readonly sha256: string | undefined;
}
export interface Hasher {
  readonly hash: (file: File) => Promise<string | undefined>;
  readonly close: () => void;
}

/** A worker that hashes; on plain http, where the browser offers no digest, nothing is hashed and the server finds what it knows. */
export function startHasher(): Hasher {
  if (!window.isSecureContext) return { hash: () => Promise.resolve(undefined), close: () => undefined };
  const worker = new Worker(new URL('./hash.worker.ts', import.meta.url), { type: 'module' });
  const waiting = new Map<number, (sha256: string | undefined) => void>();
  let nextId = 1;
  const settleAll = (): void => {
    for (const resolve of waiting.values()) resolve(undefined);
    waiting.clear();
  };
  worker.addEventListener('message', (event: MessageEvent<Answer>) => {
    waiting.get(event.data.id)?.(event.data.sha256);
    waiting.delete(event.data.id);
  });
  worker.addEventListener('error', settleAll);
  return {
    hash: (file) =>
      new Promise((resolve) => {
        const id = nextId++;
        waiting.set(id, resolve);
        worker.postMessage({ id, file });
      }),
    close: () => {
      settleAll();
      worker.terminate();
    },
  };
}
