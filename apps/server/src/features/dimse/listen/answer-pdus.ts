import { DatasetRun } from '@negatoscope/dicom';
import { type CommandSet, commandPdus, dataHeader, datasetPdus, payloadBytes, respond } from '@negatoscope/dimse';
import type { Answers, Reply } from './operation.ts';

/** What is answered, in which context, and the other side's maximum. */
interface Answering {
  readonly command: CommandSet;
  readonly contextId: number;
  readonly peerMax: number;
  /** Bytes of its command set that the first P-DATA-TF has, where that was begun. */
  readonly opening?: number | undefined;
}

const ofDataset = ({ contextId, peerMax }: Answering, bytes: Uint8Array): Uint8Array[] =>
  [...datasetPdus(contextId, { bytes, endsHere: true }, peerMax)].flat();

/** The P-DATA-TF of a response, with the dataset that belongs to it. */
export function replyPdus(answering: Answering, { dataset, ...answer }: Reply): Uint8Array[] {
  const { command, contextId, peerMax, opening } = answering;
  const said = commandPdus(contextId, respond(command, { ...answer, hasDataset: dataset !== undefined }), peerMax, opening);
  return dataset === undefined ? said : [...said, ...ofDataset(answering, dataset)];
}

const NO_HEADER = new Uint8Array(12);
/** Of a response with a short dataset, as a rule. */
const SHORT_BYTES = 512;

/** Those of many responses of one status, one memory for all: one command set says it of each, and what fits one P-DATA-TF goes as one. */
export function pendingPdus(answering: Answering, status: number, { form, matches }: Answers): Uint8Array {
  const { command, contextId, peerMax } = answering;
  const head = Buffer.concat(commandPdus(contextId, respond(command, { status, hasDataset: true }), peerMax));
  const most = payloadBytes(peerMax);
  const run = new DatasetRun(form, SHORT_BYTES * matches.length);
  for (const match of matches) {
    run.put(head);
    const place = run.length;
    run.put(NO_HEADER);
    run.write(form, match);
    const length = run.length - place - NO_HEADER.length;
    if (length <= most) run.put(dataHeader({ contextId, isCommand: false, isLast: true }, length), place);
    else {
      const bytes = run.cut(place + NO_HEADER.length);
      run.cut(place);
      for (const piece of ofDataset(answering, bytes)) run.put(piece);
    }
  }
  return run.bytes;
}
