import { ABORT_REASON, type AbortReason, ProtocolError } from '../errors.ts';
import {
  encodeAbort,
  encodeAssociateAccept,
  encodeAssociateReject,
  encodeAssociateRequest,
  encodeReleaseRequest,
  encodeReleaseResponse,
} from '../pdu/encode.ts';
import { type PduLimits, PduReader } from '../pdu/pdu-reader.ts';
import {
  type Abort,
  type AssociateAccept,
  type AssociateReject,
  type AssociateRequest,
  type DataPiece,
  type PduEvent,
  REJECT,
} from '../pdu/types.ts';
import { type Action, actionOf, EVENT, type EventNumber, STATE, type State } from './state-table.ts';

/** What the caller is to do with the transport connection, and what its user is told, in order. */
export type Outcome =
  | { readonly kind: 'connect' }
  | { readonly kind: 'send'; readonly bytes: readonly Uint8Array[] }
  | { readonly kind: 'close' }
  | { readonly kind: 'requested'; readonly request: AssociateRequest }
  | { readonly kind: 'accepted'; readonly accept: AssociateAccept }
  | { readonly kind: 'rejected'; readonly reject: AssociateReject }
  | { readonly kind: 'data'; readonly piece: DataPiece }
  /** The other side wants to release; at the same time as this one when `isCollision`. Answered by `respondRelease`. */
  | { readonly kind: 'release'; readonly isCollision: boolean }
  | { readonly kind: 'released' }
  /** By the other side's user or provider. */
  | { readonly kind: 'aborted'; readonly abort: Abort }
  /** By this side's provider for what the other sent (`fault` says what of it), or the connection was lost (no `reason`). */
  | { readonly kind: 'broken'; readonly reason?: AbortReason; readonly fault?: ProtocolError };

export interface UpperLayerOptions extends PduLimits {
  readonly isRequestor: boolean;
  /** The association request/reject/release timer (PS3.8 9.1.5), in ms. */
  readonly artimMs: number;
}

/** What an event brings along. */
interface Brought {
  readonly bytes?: readonly Uint8Array[];
  readonly pdu?: PduEvent;
  readonly fault?: ProtocolError;
}

const EVENT_OF_PDU: Readonly<Record<PduEvent['kind'], EventNumber>> = {
  'associate-rq': EVENT.ASSOCIATE_RQ,
  'associate-ac': EVENT.ASSOCIATE_AC,
  'associate-rj': EVENT.ASSOCIATE_RJ,
  data: EVENT.DATA,
  'release-rq': EVENT.RELEASE_RQ,
  'release-rp': EVENT.RELEASE_RP,
  abort: EVENT.ABORT,
};
const OF_USER: Abort = { source: 0, reason: 0 };
const FROM_PROVIDER = 2;
const send = (...bytes: readonly Uint8Array[]): Outcome => ({ kind: 'send', bytes });
const isOver = (state: State): boolean => state === STATE.IDLE || state === STATE.AWAITING_CLOSE;

/**
 * The state machine of one association (PS3.8 9.2), either side. It does no I/O and has no clock: each call says what happened (and when, in ms of any
 * clock) and gives what is to be done. Primitives that come when the association is over are without effect, since the other side
 * may have ended it meanwhile; those that the state doesn't allow fail with WRONG_STATE.
 */
export class UpperLayer {
  readonly #options: UpperLayerOptions;
  readonly #reader: PduReader;
  #state: State = STATE.IDLE;
  /** What is sent when there is a connection. */
  #request: readonly Uint8Array[] = [];
  #deadline: number | undefined;
  #now = 0;

  constructor(options: UpperLayerOptions) {
    this.#options = options;
    this.#reader = new PduReader(options);
  }

  get state(): State {
    return this.#state;
  }

  /** Whether the other side has begun a PDU that has not come whole. */
  get isInPdu(): boolean {
    return this.#reader.isInPdu;
  }

  /** When `tick` is due: the timer runs until then. */
  get deadline(): number | undefined {
    return this.#deadline;
  }

  /** The transport connection is there: accepted (acceptor) or made (requestor). */
  opened(now: number): Outcome[] {
    return this.#on(this.#options.isRequestor ? EVENT.TRANSPORT_CONFIRMED : EVENT.TRANSPORT_INDICATED, now);
  }

  /** The transport connection is gone, or could not be made. */
  closed(now: number): Outcome[] {
    return this.#on(EVENT.TRANSPORT_CLOSED, now);
  }

  /** Bytes from the other side. The views in `data` are of them. */
  receive(bytes: Uint8Array, now: number): Outcome[] {
    const outcomes: Outcome[] = [];
    try {
      for (const pdu of this.#reader.read(bytes)) {
        outcomes.push(...this.#on(EVENT_OF_PDU[pdu.kind], now, { pdu }));
      }
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      outcomes.push(...this.#on(EVENT.INVALID_PDU, now, { fault: error }));
    }
    return outcomes;
  }

  /** Time has passed. */
  tick(now: number): Outcome[] {
    if (this.#deadline === undefined || now < this.#deadline) return [];
    this.#deadline = undefined;
    return this.#on(EVENT.TIMER, now);
  }

  /** A-ASSOCIATE request primitive: a connection is to be made for it. */
  associate(request: AssociateRequest, now: number): Outcome[] {
    return this.#ask(EVENT.ASSOCIATE_REQUEST, now, { bytes: [encodeAssociateRequest(request)] });
  }

  accept(accept: AssociateAccept, now: number): Outcome[] {
    return this.#ask(EVENT.ACCEPT, now, { bytes: [encodeAssociateAccept(accept)] });
  }

  reject(reject: AssociateReject, now: number): Outcome[] {
    return this.#ask(EVENT.REJECT, now, { bytes: [encodeAssociateReject(reject)] });
  }

  /** P-DATA request primitive: whole P-DATA-TF, as `message/message-writer.ts` makes them. */
  data(bytes: readonly Uint8Array[], now: number): Outcome[] {
    return this.#ask(EVENT.DATA_REQUEST, now, { bytes });
  }

  release(now: number): Outcome[] {
    return this.#ask(EVENT.RELEASE_REQUEST, now);
  }

  respondRelease(now: number): Outcome[] {
    return this.#ask(EVENT.RELEASE_RESPONSE, now);
  }

  abort(now: number): Outcome[] {
    return this.#ask(EVENT.ABORT_REQUEST, now);
  }

  #ask(event: EventNumber, now: number, brought: Brought = {}): Outcome[] {
    if (actionOf(event, this.#state) === undefined) {
      if (isOver(this.#state) && event !== EVENT.ASSOCIATE_REQUEST) return [];
      throw new ProtocolError('WRONG_STATE', { state: this.#state, event });
    }
    return this.#on(event, now, brought);
  }

  #on(event: EventNumber, now: number, brought: Brought = {}): Outcome[] {
    this.#now = now;
    const action = actionOf(event, this.#state);
    return action === undefined ? [] : this.#act(action, brought);
  }

  #act(action: Action, brought: Brought): Outcome[] {
    switch (action.slice(0, 2)) {
      case 'AE':
        return this.#establish(action, brought);
      case 'AA':
        return this.#end(action, brought);
      case 'DT':
        return this.#transfer(action, brought);
      default:
        return action === 'AR-6' || action === 'AR-7' ? this.#transfer(action, brought) : this.#release(action);
    }
  }

  /** PS3.8 table 9-6. */
  #establish(action: Action, { bytes = [], pdu }: Brought): Outcome[] {
    switch (action) {
      case 'AE-1':
        this.#request = bytes;
        return this.#to(STATE.AWAITING_TRANSPORT, { kind: 'connect' });
      case 'AE-2':
        return this.#to(STATE.AWAITING_ANSWER, send(...this.#request));
      case 'AE-3':
        return pdu?.kind === 'associate-ac' ? this.#to(STATE.ESTABLISHED, { kind: 'accepted', accept: pdu.accept }) : [];
      case 'AE-4':
        if (pdu?.kind !== 'associate-rj') return [];
        return this.#to(STATE.IDLE, { kind: 'rejected', reject: pdu.reject }, { kind: 'close' });
      case 'AE-5':
        this.#startTimer();
        return this.#to(STATE.AWAITING_REQUEST);
      case 'AE-6':
        return pdu?.kind === 'associate-rq' ? this.#requested(pdu.request) : [];
      case 'AE-7':
        return this.#to(STATE.ESTABLISHED, send(...bytes));
      default:
        this.#startTimer();
        return this.#to(STATE.AWAITING_CLOSE, send(...bytes));
    }
  }

  /** AE-6: only version 1 is spoken (PS3.8 9.3.2). */
  #requested(request: AssociateRequest): Outcome[] {
    this.#deadline = undefined;
    if ((request.protocolVersion & 1) === 1) return this.#to(STATE.AWAITING_LOCAL_ANSWER, { kind: 'requested', request });
    this.#startTimer();
    return this.#to(STATE.AWAITING_CLOSE, send(encodeAssociateReject(REJECT.PROTOCOL_VERSION)));
  }

  /** PS3.8 table 9-7, and those of table 9-8 that do the same while an association is released. */
  #transfer(action: Action, { bytes = [], pdu }: Brought): Outcome[] {
    if (action === 'DT-1' || action === 'AR-7') return [send(...bytes)];
    return pdu?.kind === 'data' ? [{ kind: 'data', piece: pdu.piece }] : [];
  }

  /** PS3.8 table 9-8. */
  #release(action: Action): Outcome[] {
    switch (action) {
      case 'AR-1':
        return this.#to(STATE.AWAITING_RELEASE, send(encodeReleaseRequest()));
      case 'AR-2':
        return this.#to(STATE.AWAITING_LOCAL_RELEASE, { kind: 'release', isCollision: false });
      case 'AR-3':
        return this.#to(STATE.IDLE, { kind: 'released' }, { kind: 'close' });
      case 'AR-4':
        this.#startTimer();
        return this.#to(STATE.AWAITING_CLOSE, send(encodeReleaseResponse()));
      case 'AR-8':
        return this.#to(this.#options.isRequestor ? STATE.COLLISION_REQUESTOR_LOCAL : STATE.COLLISION_ACCEPTOR, {
          kind: 'release',
          isCollision: true,
        });
      case 'AR-9':
        return this.#to(STATE.COLLISION_REQUESTOR, send(encodeReleaseResponse()));
      case 'AR-10':
        return this.#to(STATE.COLLISION_ACCEPTOR_LOCAL, { kind: 'released' });
      default:
        this.#deadline = undefined;
        return this.#to(STATE.IDLE);
    }
  }

  /** PS3.8 table 9-9. */
  #end(action: Action, { pdu, fault }: Brought): Outcome[] {
    const reason = fault?.abortReason ?? ABORT_REASON.UNEXPECTED_PDU;
    const ofProvider = (): Outcome => send(encodeAbort({ source: FROM_PROVIDER, reason }));
    switch (action) {
      case 'AA-1':
        this.#startTimer();
        return this.#to(STATE.AWAITING_CLOSE, send(encodeAbort(OF_USER)));
      case 'AA-2':
        this.#deadline = undefined;
        return this.#to(STATE.IDLE, { kind: 'close' });
      case 'AA-3':
        return pdu?.kind === 'abort' ? this.#to(STATE.IDLE, { kind: 'aborted', abort: pdu.abort }, { kind: 'close' }) : [];
      case 'AA-4':
        return this.#to(STATE.IDLE, { kind: 'broken' });
      case 'AA-5':
        this.#deadline = undefined;
        return this.#to(STATE.IDLE);
      case 'AA-6':
        return [];
      case 'AA-7':
        return [ofProvider()];
      default:
        this.#startTimer();
        return this.#to(STATE.AWAITING_CLOSE, ofProvider(), {
          kind: 'broken',
          reason,
          ...(fault === undefined ? {} : { fault }),
        });
    }
  }

  #startTimer(): void {
    this.#deadline = this.#now + this.#options.artimMs;
  }

  #to(state: State, ...outcomes: Outcome[]): Outcome[] {
    this.#state = state;
    return outcomes;
  }
}
