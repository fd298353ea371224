import { type DicomJsonObject, fileStart, parsePart10, writeBareDataset } from '@negatoscope/dicom';
import type { CommandSet } from '@negatoscope/dimse';
import { expect } from 'vitest';
import { EXPLICIT, RawPeer, requestOf } from './support.ts';

export const text = (vr: string, ...Value: string[]) => (Value.length === 0 ? { vr } : { vr, Value });

export const readDataset = (bytes: Uint8Array, transferSyntaxUid: string): DicomJsonObject =>
  parsePart10(
    Buffer.concat([
      fileStart(
        { sopClassUid: '', sopInstanceUid: '' },
        { transferSyntaxUid, implementation: { classUid: '1.2', version: 'T' } },
      ),
      bytes,
    ]),
  ).json;

export interface Asked {
  readonly aet: string;
  readonly root: string;
  readonly syntax?: string;
  readonly cancelAfter?: number;
}

/** What a node is answered by C-FIND: the last status, the others, and the datasets. */
export async function findAs(
  { port }: { readonly port: number },
  identifier: DicomJsonObject | Uint8Array,
  { aet, root, syntax = EXPLICIT, cancelAfter }: Asked,
) {
  const peer = new RawPeer(port);
  expect(await peer.associate(requestOf(aet, [[root, syntax]]))).toMatchObject({
    contexts: [{ result: 0, transferSyntax: syntax }],
  });
  const command: CommandSet = { CommandField: 0x20, MessageID: 1, Priority: 0, CommandDataSetType: 1, AffectedSOPClassUID: root };
  peer.command(1, command);
  const bytes = identifier instanceof Uint8Array ? identifier : writeBareDataset(identifier, { isExplicit: syntax === EXPLICIT });
  peer.dataset(1, bytes);
  const answers = await peer.answers(1, cancelAfter);
  expect(await peer.release()).toBe('released');
  const last = answers.at(-1)?.command;
  const pending = answers.slice(0, -1);
  return {
    status: last?.Status,
    last,
    pending: [...new Set(pending.map(({ command: { Status } }) => Status))],
    found: pending.map(({ dataset }) => readDataset(dataset, syntax)),
  };
}
