import { Failure } from '../../kernel/failure.ts';
import type { ObjectStore } from '../../platform/objects/store/index.ts';

/** Raw deflate (RFC 1951) of one instance's DICOM JSON. */
export interface PackedInstance {
  readonly instanceId: string;
  readonly json: Buffer;
}

const MAGIC = Buffer.from('NGMETA1\n', 'latin1');
const HEAD_BYTES = MAGIC.length + 4;
const ENTRY_BYTES = 16 + 4 + 4;

const idBytes = (id: string): Buffer => Buffer.from(id.replaceAll('-', ''), 'hex');
const idText = (bytes: Buffer): string => bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

/** The object of a series' metadata: docs/storage-layout.md has its layout. */
export function packSeriesMetadata(instances: readonly PackedInstance[]): Buffer {
  const sorted = [...instances].sort((a, b) => (a.instanceId < b.instanceId ? -1 : 1));
  const head = Buffer.alloc(HEAD_BYTES + ENTRY_BYTES * sorted.length);
  MAGIC.copy(head);
  head.writeUInt32LE(sorted.length, MAGIC.length);
  let offset = head.length;
  sorted.forEach((instance, index) => {
    const at = HEAD_BYTES + index * ENTRY_BYTES;
    idBytes(instance.instanceId).copy(head, at);
    head.writeUInt32LE(offset, at + 16);
    head.writeUInt32LE(instance.json.length, at + 20);
    offset += instance.json.length;
  });
  return Buffer.concat([head, ...sorted.map((instance) => instance.json)]);
}

/** Fails with UNAVAILABLE when the bytes are no series metadata. */
export function unpackSeriesMetadata(bytes: Buffer): PackedInstance[] {
  const broken = (): Failure => new Failure('UNAVAILABLE', { detail: 'The metadata of a series could not be read.' });
  if (bytes.length < HEAD_BYTES || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) throw broken();
  const count = bytes.readUInt32LE(MAGIC.length);
  if (HEAD_BYTES + count * ENTRY_BYTES > bytes.length) throw broken();
  return Array.from({ length: count }, (_, index) => {
    const at = HEAD_BYTES + index * ENTRY_BYTES;
    const offset = bytes.readUInt32LE(at + 16);
    const end = offset + bytes.readUInt32LE(at + 20);
    if (end > bytes.length) throw broken();
    return { instanceId: idText(bytes.subarray(at, at + 16)), json: bytes.subarray(offset, end) };
  });
}

/** Reads `series.metadata_object`. It may still hold instances that have since been replaced: rows decide which exist. */
export async function readSeriesMetadata(objects: ObjectStore, objectId: string): Promise<PackedInstance[]> {
  return unpackSeriesMetadata(await objects.read(objectId, 0, await objects.size(objectId)));
}
