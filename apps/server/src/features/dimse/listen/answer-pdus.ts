import { type CommandSet, commandPdus, datasetPdus, respond } from '@negatoscope/dimse';
import type { Reply } from './operation.ts';

/** What is answered, in which context, and the other side's maximum. */
interface Answering {
  readonly command: CommandSet;
  readonly contextId: number;
  readonly peerMax: number;
}

const ofDataset = ({ contextId, peerMax }: Answering, bytes: Uint8Array): Uint8Array[] =>
  [...datasetPdus(contextId, { bytes, endsHere: true }, peerMax)].flat();

/** The P-DATA-TF of a response, with the dataset that belongs to it. */
export function replyPdus(answering: Answering, { dataset, ...answer }: Reply): Uint8Array[] {
  const { command, contextId, peerMax } = answering;
  const said = commandPdus(contextId, respond(command, { ...answer, hasDataset: dataset !== undefined }), peerMax);
  return dataset === undefined ? said : [...said, ...ofDataset(answering, dataset)];
}

/** Those of many responses of one status: one command set says it of each, and what is short goes as one run of bytes. */
export function pendingPdus(answering: Answering, status: number, datasets: readonly Uint8Array[]): Uint8Array {
  const { command, contextId, peerMax } = answering;
  const head = Buffer.concat(commandPdus(contextId, respond(command, { status, hasDataset: true }), peerMax));
  return Buffer.concat(datasets.flatMap((bytes) => [head, ...ofDataset(answering, bytes)]));
}
