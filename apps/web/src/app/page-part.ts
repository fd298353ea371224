import { ApiError } from '../api/error.ts';

const isServerThere = (): Promise<boolean> =>
  fetch('/api/health', { cache: 'no-store' }).then(
    (response) => response.status < 500,
    () => false,
  );

/**
 * The code of a page. Where it can't be had because the server is away, that is the error (`OFFLINE`), and everything on screen stays, a
 * running import included. Where the server is there but not this file, it has another version of the page: the router then reloads once.
 */
export async function pagePart<T>(importer: () => Promise<T>, serverThere = isServerThere): Promise<T> {
  try {
    return await importer();
  } catch (cause) {
    if (await serverThere()) throw cause;
    throw new ApiError('OFFLINE', 0);
  }
}
