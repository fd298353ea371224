import { BOUNDARY, STOW_HEADERS } from '../support/data.ts';
import type { Ours } from '../support/ours.ts';

/** Sends files by STOW-RS, twenty at a time. */
export async function store({ baseUrl, headers }: Ours, files: readonly Uint8Array[]): Promise<void> {
  for (let at = 0; at < files.length; at += 20) {
    const parts = files
      .slice(at, at + 20)
      .flatMap((bytes) => [`--${BOUNDARY}\r\nContent-Type: application/dicom\r\n\r\n`, bytes, '\r\n'])
      .map((piece) => (typeof piece === 'string' ? Buffer.from(piece) : Buffer.from(piece)));
    const body = Buffer.concat([...parts, Buffer.from(`--${BOUNDARY}--\r\n`)]);
    const answer = await fetch(`${baseUrl}/dicom-web/studies`, {
      method: 'POST',
      headers: { ...headers, ...STOW_HEADERS },
      body,
    });
    if (!answer.ok) throw new Error(`STOW was answered with ${answer.status}`);
  }
}
