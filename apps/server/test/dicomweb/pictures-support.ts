import type { GeneratedInstance } from '@negatoscope/testkit';
import type { LightMyRequestResponse } from 'fastify';
import sharp from 'sharp';
import { type Browser, createTestApp, type TestApp, type TestAppOptions } from '../support/app.ts';

export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly data: Uint8Array;
}

/** Where an instance is, for every resource below it. */
export interface Address {
  readonly study: string;
  readonly series: string;
  readonly instance: string;
}

type Stored = Pick<GeneratedInstance, 'studyInstanceUid' | 'seriesInstanceUid' | 'sopInstanceUid'>;

export function addressOf({ studyInstanceUid, seriesInstanceUid, sopInstanceUid }: Stored): Address {
  const study = `/dicom-web/studies/${studyInstanceUid}`;
  const series = `${study}/series/${seriesInstanceUid}`;
  return { study, series, instance: `${series}/instances/${sopInstanceUid}` };
}

export const displayUrl = ({ studyInstanceUid, seriesInstanceUid }: Stored): string =>
  `/api/studies/${studyInstanceUid}/series/${seriesInstanceUid}/display`;

/** A server that holds pictures, and an administrator who looks at them. */
export interface Gallery {
  readonly app: TestApp;
  readonly browser: Browser;
  get(url: string, headers?: Record<string, string>): Promise<LightMyRequestResponse>;
  /** Into a group where `url` names one. */
  store(files: readonly Uint8Array[], url?: string): Promise<void>;
  /** A rendered resource as PNG, decoded. Fails unless the answer is 200. */
  png(url: string): Promise<Raster>;
  close(): Promise<void>;
}

const BOUNDARY = 'files-of-the-test';

export async function openGallery(options: TestAppOptions = {}): Promise<Gallery> {
  const app = await createTestApp(options);
  const browser = await app.login('ADMIN');
  const get: Gallery['get'] = (url, headers = {}) =>
    app.app.inject({ method: 'GET', url, headers: { cookie: browser.cookie, ...headers } });
  return {
    app,
    browser,
    get,
    store: async (files, url = '/dicom-web/studies') => {
      const parts = files.flatMap((file) => [Buffer.from(`\r\n--${BOUNDARY}\r\nContent-Type: application/dicom\r\n\r\n`), file]);
      const type = `multipart/related; type="application/dicom"; boundary=${BOUNDARY}`;
      const payload = Buffer.concat([...parts, Buffer.from(`\r\n--${BOUNDARY}--\r\n`)]);
      const headers = { ...browser.headers, 'content-type': type };
      const answer = await app.app.inject({ method: 'POST', url, headers, payload });
      if (answer.statusCode !== 200 && answer.statusCode !== 202) throw new Error(`Storing: ${answer.statusCode} ${answer.body}`);
    },
    png: async (url) => {
      const answer = await get(url, { accept: 'image/png' });
      if (answer.statusCode !== 200) throw new Error(`${url}: ${answer.statusCode} ${answer.body.slice(0, 300)}`);
      const { data, info } = await sharp(answer.rawPayload).raw().toBuffer({ resolveWithObject: true });
      return { width: info.width, height: info.height, channels: info.channels, data };
    },
    close: () => app.close(),
  };
}
