import { connect } from 'node:net';
import { performance } from 'node:perf_hooks';
import { EXPLICIT_VR_LITTLE_ENDIAN, writeBareDataset } from '@negatoscope/dicom';
import {
  type AssociateRequest,
  COMMAND,
  commandPdus,
  datasetPdus,
  HAS_DATASET,
  type Outcome,
  SERVICE_CLASS,
  UpperLayer,
} from '@negatoscope/dimse';
import { BY, type Side } from './sides.ts';

export interface Found {
  readonly matches: number;
  readonly firstMs: number;
  readonly allMs: number;
}

const requestTo = (calledAet: string): AssociateRequest => ({
  protocolVersion: 1,
  calledAet,
  callingAet: BY,
  applicationContext: '1.2.840.10008.3.1.1.1',
  contexts: [{ id: 1, abstractSyntax: SERVICE_CLASS.STUDY_ROOT_FIND, transferSyntaxes: [EXPLICIT_VR_LITTLE_ENDIAN] }],
  user: { maxLength: 131_072, implementationClassUid: '1.2.3', roles: [], extended: [], commonExtended: [] },
});
const ALL_STUDIES = writeBareDataset(
  {
    '00080020': { vr: 'DA' },
    '00080052': { vr: 'CS', Value: ['STUDY'] },
    '00100010': { vr: 'PN' },
    '00100020': { vr: 'LO' },
    '0020000D': { vr: 'UI' },
  },
  { isExplicit: true },
);

/** Type of a P-DATA-TF (PS3.8 9.3.5), and what stands before its items. */
const [DATA, PDU_HEAD] = [0x04, 6];
const [DATASET_TYPE, STATUS, NO_DATASET] = [0x0800, 0x0900, 0x0101];

/** Values of two bytes of a command set (PS3.7 6.3.1), of which all others are passed over. */
function shortValues(command: Buffer): Map<number, number> {
  const values = new Map<number, number>();
  for (let at = 0; at + 8 <= command.length; ) {
    const [element, length] = [command.readUInt16LE(at + 2), command.readUInt32LE(at + 4)];
    if (length === 2) values.set(element, command.readUInt16LE(at + 8));
    at += 8 + length;
  }
  return values;
}

/**
 * Counts what a C-FIND is answered with. By hand, and nothing else is read of an answer: read as messages they take as long as a server takes to
 * make them, by the same two processors.
 */
class Answers {
  #rest: Buffer = Buffer.alloc(0);
  firstAt = 0;
  matches = 0;
  /** Status of the last answer. */
  last: number | undefined;

  /** Gives what is no P-DATA-TF. */
  take(bytes: Buffer): Buffer[] {
    let rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    const others: Buffer[] = [];
    while (rest.length >= PDU_HEAD) {
      const end = PDU_HEAD + rest.readUInt32BE(2);
      if (rest.length < end) break;
      if (rest[0] === DATA) this.#items(rest.subarray(PDU_HEAD, end));
      else others.push(rest.subarray(0, end));
      rest = rest.subarray(end);
    }
    this.#rest = rest;
    return others;
  }

  /** Items (PS3.8 9.3.5.1) with a command are looked at, each of which holds a whole one: they are short. */
  #items(data: Buffer): void {
    for (let at = 0; at < data.length; at += 4 + data.readUInt32BE(at)) {
      const control = data[at + 5] ?? 0;
      if ((control & 1) === 0) continue;
      if ((control & 2) === 0) throw new Error('A command came in pieces');
      const values = shortValues(data.subarray(at + 6, at + 4 + data.readUInt32BE(at)));
      if (values.get(DATASET_TYPE) === NO_DATASET) this.last = values.get(STATUS);
      else if (this.matches++ === 0) this.firstAt = performance.now();
    }
  }
}

/** All studies by C-FIND: from the request to the first match and to the last answer, in an association that is there. */
export function findAll({ port, aeTitle }: Side): Promise<Found> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  const layer = new UpperLayer({ isRequestor: true, artimMs: 5000, maxDataBytes: 131_072 });
  const answers = new Answers();
  let begun = 0;
  return new Promise((done, fail) => {
    const user = (outcome: Exclude<Outcome, { kind: 'send' }>): Outcome[] => {
      if (outcome.kind === 'accepted') {
        const { maxLength } = outcome.accept.user;
        begun = performance.now();
        const command = { AffectedSOPClassUID: SERVICE_CLASS.STUDY_ROOT_FIND, CommandField: COMMAND.C_FIND };
        const more = { MessageID: 1, Priority: 0, CommandDataSetType: HAS_DATASET };
        const pdus = [...datasetPdus(1, { bytes: ALL_STUDIES, endsHere: true }, maxLength)].flat();
        return layer.data([...commandPdus(1, { ...command, ...more }, maxLength), ...pdus], 0);
      }
      if (outcome.kind === 'close' || outcome.kind === 'released') socket.end();
      else if (outcome.kind !== 'connect') fail(new Error(outcome.kind));
      return [];
    };
    const play = (outcomes: readonly Outcome[]): void => {
      for (const outcome of outcomes) {
        if (outcome.kind === 'send') for (const bytes of outcome.bytes) socket.write(bytes);
        else play(user(outcome));
      }
    };
    const received = (bytes: Buffer): void => {
      for (const other of answers.take(bytes)) play(layer.receive(other, 0));
      const { last, matches, firstAt } = answers;
      if (last === undefined) return;
      answers.last = undefined;
      if (last === 0) done({ matches, firstMs: firstAt - begun, allMs: performance.now() - begun });
      else fail(new Error(`C-FIND was answered with ${last}`));
      play(layer.release(0));
    };
    socket.on('error', fail);
    play(layer.associate(requestTo(aeTitle), 0));
    socket.on('connect', () => play(layer.opened(0)));
    socket.on('data', received);
  });
}
