import { type DicomJsonObject, part10Reader } from '@negatoscope/dicom';
import { coercion } from '../../archive/coercion/coercion.ts';
import { frameGroups, lightJson, lightPart, packedLevelOf } from '../../archive/pixels/large-header.ts';
import type { DicomJson } from '../../archive/search/qido-repository.ts';
import { inflatedText } from '../../platform/workers/inflated-text.ts';
import { supplied } from '../../platform/workers/supplied.ts';
import { type ReadInWorker, serveTasks } from '../../platform/workers/worker-side.ts';
import { rewritten } from './files/rewritten.ts';
import type { HeavyTask, PackedRequest } from './heavy.ts';
import { metadataWriter } from './metadata/instance-text.ts';
import { nativeModel } from './native-model.ts';
import { withAddresses } from './stored-json.ts';
import { BulkParts } from './stow/bulk-parts.ts';
import { type Document, makeFiles } from './stow/dataset-files.ts';

/** Of a request's documents that is asked for at a time. */
const STEP_BYTES = 256 * 1024;
const MAX_INFLATED_BYTES = 1024 * 1024 * 1024;

const jsonOf = (text: Buffer): DicomJson => JSON.parse(text.toString('utf8')) as DicomJson; // Written by this server.

const sourceOf = (sizeBytes: number, read: ReadInWorker) => ({ read, sizeBytes, maxBytes: MAX_INFLATED_BYTES });

async function header(sizeBytes: number, read: ReadInWorker): Promise<unknown> {
  const parsed = await supplied(part10Reader(sizeBytes), sourceOf(sizeBytes, read));
  return { ...lightPart(parsed), groups: frameGroups(parsed.json) };
}

async function slideLevel(sizeBytes: number, read: ReadInWorker): Promise<unknown> {
  return packedLevelOf((await supplied(part10Reader(sizeBytes), sourceOf(sizeBytes, read))).json);
}

/** All of a request's documents, asked for in few pieces however many they are. */
async function documentsOf({ forms, lengths }: PackedRequest, read: ReadInWorker): Promise<Document[]> {
  const bytes = new Uint8Array(lengths.reduce((sum, length) => sum + length, 0));
  for (let at = 0; at < bytes.length; at += STEP_BYTES) bytes.set(await read(at, Math.min(STEP_BYTES, bytes.length - at)), at);
  let end = 0;
  return forms.split(' ').map((form, index) => {
    const start = end;
    end += lengths[index] ?? 0;
    return { form: form === 'json' ? 'json' : 'xml', bytes: bytes.subarray(start, end) };
  });
}

serveTasks(async (posted, read) => {
  const task = posted as HeavyTask; // Posted by heavy.ts and by nothing else.
  switch (task.kind) {
    case 'header':
      return header(task.sizeBytes, read);
    case 'slide':
      return slideLevel(task.sizeBytes, read);
    case 'coerce':
      return supplied(coercion(task.sizeBytes, task.values), sourceOf(task.sizeBytes, read));
    case 'rewrite':
      return supplied(rewritten(task.sizeBytes, task.rewriting), sourceOf(task.sizeBytes, read));
    case 'metadata':
      return Buffer.concat(metadataWriter(task.view)(inflatedText(task.deflated), task.address, task.facts));
    case 'model':
      return Buffer.from(nativeModel(jsonOf(Buffer.from(task.text))));
    case 'attributes':
      return lightJson(withAddresses(jsonOf(inflatedText(task.deflated)), task.address) as DicomJsonObject); // Written by this server.
    case 'store':
      return makeFiles(await documentsOf(task, read), BulkParts.unpacked(task.bulk));
  }
});
