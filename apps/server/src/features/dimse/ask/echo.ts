import { connect, type Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import type { NodeTrial } from '@negatoscope/contract';
import { EXPLICIT_VR_LITTLE_ENDIAN, IMPLICIT_VR_LITTLE_ENDIAN } from '@negatoscope/dicom';
import {
  type AssociateReject,
  type AssociateRequest,
  agreedContexts,
  COMMAND,
  commandPdus,
  DICOM_APPLICATION_CONTEXT,
  MessageReader,
  NO_DATASET,
  type Outcome,
  ProtocolError,
  REJECT,
  SERVICE_CLASS,
  STATUS,
  UpperLayer,
} from '@negatoscope/dimse';
import { IMPLEMENTATION } from '../../../kernel/implementation.ts';

export interface Asked {
  readonly host: string;
  readonly port: number;
  readonly aeTitle: string;
  readonly callingAet: string;
  readonly patienceMs?: number;
}

type Trial = Omit<NodeTrial, 'ms'>;

const PATIENCE_MS = 8_000;
const CONTEXT_ID = 1;
const MAX_LENGTH = 16_384;
const told = (outcome: NodeTrial['outcome'], reason: NodeTrial['reason'] = null): Trial => ({ outcome, reason });

const requestOf = ({ aeTitle, callingAet }: Asked): AssociateRequest => ({
  protocolVersion: 1,
  calledAet: aeTitle,
  callingAet,
  applicationContext: DICOM_APPLICATION_CONTEXT,
  contexts: [
    {
      id: CONTEXT_ID,
      abstractSyntax: SERVICE_CLASS.VERIFICATION,
      transferSyntaxes: [IMPLICIT_VR_LITTLE_ENDIAN, EXPLICIT_VR_LITTLE_ENDIAN],
    },
  ],
  user: {
    maxLength: MAX_LENGTH,
    implementationClassUid: IMPLEMENTATION.classUid,
    implementationVersion: IMPLEMENTATION.version,
    roles: [],
    extended: [],
    commonExtended: [],
  },
});

function refusalOf({ result, source, reason }: AssociateReject): Trial {
  const is = (other: AssociateReject): boolean => source === other.source && reason === other.reason;
  if (is(REJECT.CALLING_AET)) return told('REFUSED', 'CALLING_AET');
  if (is(REJECT.CALLED_AET)) return told('REFUSED', 'CALLED_AET');
  return told('REFUSED', result === 2 ? 'BUSY' : null);
}

/** One echo from its first byte to its last. */
class Echo {
  readonly #socket: Socket;
  readonly #layer = new UpperLayer({ isRequestor: true, artimMs: PATIENCE_MS, maxDataBytes: MAX_LENGTH });
  readonly #request: AssociateRequest;
  readonly #done: (trial: Trial) => void;
  #reader: MessageReader | undefined;
  #answer: Trial | undefined;

  constructor(socket: Socket, request: AssociateRequest, done: (trial: Trial) => void) {
    this.#socket = socket;
    this.#request = request;
    this.#done = done;
    this.#layer.associate(request, 0);
    socket.on('connect', () => this.#play(this.#layer.opened(0)));
    socket.on('data', (bytes) => this.#play(this.#layer.receive(bytes, 0)));
  }

  #play(outcomes: readonly Outcome[]): void {
    for (const outcome of outcomes) {
      if (outcome.kind === 'send') for (const bytes of outcome.bytes) this.#socket.write(bytes);
      else this.#hear(outcome);
    }
  }

  #hear(outcome: Exclude<Outcome, { kind: 'send' }>): void {
    switch (outcome.kind) {
      case 'accepted':
        this.#ask(outcome);
        break;
      case 'data':
        this.#take(outcome);
        break;
      case 'rejected':
        this.#done(refusalOf(outcome.reject));
        break;
      case 'released':
        this.#done(this.#answer ?? told('FAILED'));
        break;
      case 'aborted':
      case 'broken':
        // Who has answered and then doesn't release has answered.
        this.#done(this.#answer ?? told('FAILED'));
        break;
    }
  }

  #ask({ accept }: Extract<Outcome, { kind: 'accepted' }>): void {
    try {
      const contexts = agreedContexts(this.#request, accept);
      this.#reader = new MessageReader(contexts);
      // It takes associations, and no echoes: nobody can say more of it.
      if (!contexts.has(CONTEXT_ID)) throw new ProtocolError('CONTEXT_NOT_ACCEPTED');
      const command = {
        AffectedSOPClassUID: SERVICE_CLASS.VERIFICATION,
        CommandField: COMMAND.C_ECHO,
        MessageID: 1,
        CommandDataSetType: NO_DATASET,
      };
      this.#play(this.#layer.data(commandPdus(CONTEXT_ID, command, accept.user.maxLength), 0));
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#fail();
    }
  }

  #take({ piece }: Extract<Outcome, { kind: 'data' }>): void {
    try {
      const part = this.#reader?.take(piece);
      if (part?.kind !== 'command') return;
      this.#answer = told(part.command.Status === STATUS.SUCCESS ? 'OK' : 'FAILED');
      this.#play(this.#layer.release(0));
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#fail();
    }
  }

  #fail(): void {
    this.#play(this.#layer.abort(0));
    this.#done(told('FAILED'));
  }
}

/** Asks a node for an echo (C-ECHO, PS3.7 9.1.5) in an association of its own. Never fails, and takes no longer than its patience. */
export async function askForEcho(asked: Asked): Promise<NodeTrial> {
  // A network is nobody's address.
  if (asked.host.includes('/')) return { ...told('NO_ADDRESS'), ms: 0 };
  const begun = performance.now();
  const socket = connect({ host: asked.host, port: asked.port, noDelay: true });
  let wasConnected = false;
  socket.on('connect', () => {
    wasConnected = true;
  });
  try {
    const trial = await new Promise<Trial>((done) => {
      new Echo(socket, requestOf(asked), done);
      socket.on('error', () => done(told(wasConnected ? 'FAILED' : 'UNREACHABLE')));
      socket.on('close', () => done(told('FAILED')));
      setTimeout(() => done(told(wasConnected ? 'NO_ANSWER' : 'UNREACHABLE')), asked.patienceMs ?? PATIENCE_MS).unref();
    });
    return { ...trial, ms: Math.round(performance.now() - begun) };
  } finally {
    socket.destroySoon();
  }
}
