/** The files of one build whose names hold a hash of what is in them: address → the first 16 bytes of its SHA-256, in base64. */
export type FileList = Readonly<Record<string, string>>;

/** What is used of the browser, so that tests can stand in for it. */
export interface Surroundings {
  readonly open: () => Promise<Cache>;
  readonly fetch: (request: Request | string) => Promise<Response>;
  readonly digest: (bytes: ArrayBuffer) => Promise<ArrayBuffer>;
}

export interface KeptFiles {
  /** Whether the address is one of the build's own files. Nothing else is looked at, kept or answered: no API, no image, no page. */
  isOurs(address: URL, origin: string): boolean;
  /** The file, from what is kept if that is whole, else from the server; never a refusal because of the cache. */
  answer(request: Request, address: URL): Promise<Response>;
  /** Keeps those of these addresses that are the build's own. What fails is kept when it is asked for. */
  keep(addresses: readonly string[]): Promise<void>;
  /** Drops what is no file of this build: when no page of the build before is open any more. */
  dropOthers(): Promise<void>;
}

const DIGEST_BYTES = 16;
const base64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes));

/** What is kept of the files of one build: whole, or not at all. */
class Keeping {
  readonly #files: FileList;
  readonly #around: Surroundings;
  /** Looked at once in the life of this worker, which is short. */
  readonly #known = new Set<string>();

  constructor(files: FileList, around: Surroundings) {
    this.#files = files;
    this.#around = around;
  }

  wantedOf(path: string): string | undefined {
    return Object.hasOwn(this.#files, path) ? this.#files[path] : undefined;
  }

  async #isWhole(response: Response, path: string): Promise<boolean> {
    if (response.status !== 200) return false;
    const digest = await this.#around.digest(await response.arrayBuffer());
    return base64(new Uint8Array(digest).subarray(0, DIGEST_BYTES)) === this.wantedOf(path);
  }

  async find(path: string): Promise<Response | undefined> {
    const cache = await this.#around.open();
    const found = await cache.match(path);
    if (found === undefined || this.#known.has(path)) return found;
    if (!(await this.#isWhole(found.clone(), path))) {
      await cache.delete(path);
      return undefined;
    }
    this.#known.add(path);
    return found;
  }

  /** Kept only if it is what the build made: an answer of another build or of somebody between is used by the page as it would be without us. */
  async put(path: string, response: Response): Promise<void> {
    if (!(await this.#isWhole(response.clone(), path))) return;
    await (await this.#around.open()).put(path, response);
    this.#known.add(path);
  }

  async dropOthers(): Promise<void> {
    const cache = await this.#around.open();
    for (const request of await cache.keys())
      if (this.wantedOf(new URL(request.url).pathname) === undefined) await cache.delete(request);
  }
}

/** Keeps the application's files of one build; `files` says which they are, and what must be in them. */
export function createKeptFiles(files: FileList, around: Surroundings): KeptFiles {
  const keeping = new Keeping(files, around);
  const fetchAndKeep = async (path: string): Promise<void> => {
    if ((await keeping.find(path)) === undefined) await keeping.put(path, await around.fetch(path));
  };
  return {
    isOurs: ({ origin, pathname, search }, own) => origin === own && search === '' && keeping.wantedOf(pathname) !== undefined,
    answer: async (request, { pathname }) => {
      const found = await keeping.find(pathname).catch(() => undefined);
      if (found !== undefined) return found;
      const fresh = await around.fetch(request);
      // Beside the answer, which waits for nothing.
      void keeping.put(pathname, fresh.clone()).catch(() => undefined);
      return fresh;
    },
    keep: async (addresses) => {
      const paths = [...new Set(addresses)].filter((path) => keeping.wantedOf(path) !== undefined);
      await Promise.all(paths.map((path) => fetchAndKeep(path).catch(() => undefined)));
    },
    dropOthers: () => keeping.dropOthers(),
  };
}
