import { connect } from 'node:net';
import { performance } from 'node:perf_hooks';
import { EXPLICIT_VR_LITTLE_ENDIAN, writeBareDataset } from '@negatoscope/dicom';
import {
  type AssociateRequest,
  agreedContexts,
  COMMAND,
  commandPdus,
  datasetPdus,
  HAS_DATASET,
  MessageReader,
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

/** All studies by C-FIND: from the request to the first match and to the last answer, in an association that is there. */
export function findAll({ port, aeTitle }: Side): Promise<Found> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  const layer = new UpperLayer({ isRequestor: true, artimMs: 5000, maxDataBytes: 131_072 });
  const request = requestTo(aeTitle);
  let reader = new MessageReader(new Map());
  let [begun, first, matches] = [0, 0, 0];
  return new Promise((done, fail) => {
    const user = (outcome: Exclude<Outcome, { kind: 'send' }>): Outcome[] => {
      if (outcome.kind === 'accepted') {
        reader = new MessageReader(agreedContexts(request, outcome.accept));
        const { maxLength } = outcome.accept.user;
        begun = performance.now();
        const command = { AffectedSOPClassUID: SERVICE_CLASS.STUDY_ROOT_FIND, CommandField: COMMAND.C_FIND };
        const more = { MessageID: 1, Priority: 0, CommandDataSetType: HAS_DATASET };
        const pdus = [...datasetPdus(1, { bytes: ALL_STUDIES, endsHere: true }, maxLength)].flat();
        return layer.data([...commandPdus(1, { ...command, ...more }, maxLength), ...pdus], 0);
      }
      if (outcome.kind === 'data') {
        const part = reader.take(outcome.piece);
        if (part?.kind !== 'command') return [];
        if (part.hasDataset) {
          if (matches === 0) first = performance.now();
          matches += 1;
          return [];
        }
        const allMs = performance.now() - begun;
        if (part.command.Status === 0) done({ matches, firstMs: first - begun, allMs });
        else fail(new Error(`C-FIND was answered with ${part.command.Status}`));
        return layer.release(0);
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
    socket.on('error', fail);
    play(layer.associate(request, 0));
    socket.on('connect', () => play(layer.opened(0)));
    socket.on('data', (bytes) => play(layer.receive(bytes, 0)));
  });
}
