import type { GeneratedInstance } from '@negatoscope/testkit';
import type { Tab } from './browser.ts';

/** PS3.18 10.5: one multipart/related request with Part 10 files. */
function stowBody(files: readonly Uint8Array[], boundary: string): Buffer {
  const head = Buffer.from(`--${boundary}\r\nContent-Type: application/dicom\r\n\r\n`);
  const parts = files.flatMap((bytes) => [head, Buffer.from(bytes), Buffer.from('\r\n')]);
  return Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)]);
}

/** The value that a request of the page's session needs to change anything. */
export async function csrfOf(tab: Tab): Promise<string> {
  return (await tab.context.cookies()).find(({ name }) => name.endsWith('negatoscope_csrf'))?.value ?? '';
}

/** Sends files by STOW-RS with the session of the page, into a group where `url` names one; gives the status. */
export async function storeFiles(tab: Tab, files: readonly Uint8Array[], url = '/dicom-web/studies'): Promise<number> {
  const response = await tab.page.request.post(url, {
    headers: {
      'content-type': 'multipart/related; type="application/dicom"; boundary=ct',
      accept: 'application/dicom+json',
      'x-csrf-token': await csrfOf(tab),
    },
    data: stowBody(files, 'ct'),
  });
  return response.status();
}

export const storeInstances = (tab: Tab, instances: readonly GeneratedInstance[]): Promise<number> =>
  storeFiles(
    tab,
    instances.map(({ bytes }) => bytes),
  );

/** Study Instance UID of what was stored last; empty before anything was. */
export async function latestStudy({ page }: Tab): Promise<string> {
  const { items } = await (await page.request.get('/api/studies?sort=-receivedAt&limit=1')).json();
  return items[0]?.studyInstanceUid ?? '';
}
