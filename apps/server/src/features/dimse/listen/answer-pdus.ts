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

/** Of the header of a P-DATA-TF with one presentation data value (PS3.8 9.3.5, E.2): two lengths, the one that of the value and its own header. */
const [HEADER_BYTES, PDU_LENGTH, VALUE_LENGTH] = [12, 2, 6];

/** Those of many responses of one status, one memory for all: one command set says it of each, and what fits one P-DATA-TF goes as one. */
export function pendingPdus<Row>(answering: Answering, status: number, { form, matches }: Answers<Row>): Uint8Array {
  const { command, contextId, peerMax } = answering;
  const said = commandPdus(contextId, respond(command, { status, hasDataset: true }), peerMax);
  const head = Buffer.concat([...said, dataHeader({ contextId, isCommand: false, isLast: true }, 0)]);
  const most = payloadBytes(peerMax);
  const run = new DatasetRun(form);
  for (const match of matches) {
    const place = run.length + head.length - HEADER_BYTES;
    run.put(head);
    run.write(form, match);
    const length = run.length - place - HEADER_BYTES;
    if (length <= most) {
      run.setBig32(place + PDU_LENGTH, length + HEADER_BYTES - VALUE_LENGTH);
      run.setBig32(place + VALUE_LENGTH, length + 2);
    } else putInPieces(run, place, answering);
    // The others are about as long.
    if (match === matches[0]) run.reserve(Math.ceil(run.length * matches.length * 1.2));
  }
  return run.bytes;
}

/** Of a dataset that is longer than one P-DATA-TF of the other side's may be. */
function putInPieces(run: DatasetRun, place: number, answering: Answering): void {
  const bytes = run.cut(place + HEADER_BYTES);
  run.cut(place);
  for (const piece of ofDataset(answering, bytes)) run.put(piece);
}
