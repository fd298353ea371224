import { describe, expect, it } from 'vitest';
import { ApiError } from '../api/error.ts';
import { pagePart } from './page-part.ts';

describe('pagePart', () => {
  const missing = new TypeError('Failed to fetch dynamically imported module: /assets/a.js');
  const fails = () => Promise.reject(missing);

  it('gives the module', async () => {
    expect(await pagePart(() => Promise.resolve({ Page: 1 }))).toEqual({ Page: 1 });
  });

  it('says that the server is away, rather than letting the router reload what is on screen', async () => {
    const error = await pagePart(fails, () => Promise.resolve(false)).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ code: 'OFFLINE', status: 0 });
  });

  it('leaves a file that the server no longer has to the router, which reloads for the new version', async () => {
    await expect(pagePart(fails, () => Promise.resolve(true))).rejects.toBe(missing);
  });
});
