import { ProtocolError } from '../errors.ts';
import { PDU_TYPE } from './codes.ts';
import { decodeAssociateAccept, decodeAssociateRequest } from './decode.ts';
import { PDV_HEADER_BYTES } from './encode.ts';
import type { DataPiece, PduEvent } from './types.ts';

export interface PduLimits {
  /** Longest P-DATA-TF, without its first six bytes: what one's own user information says. */
  readonly maxDataBytes: number;
  /** Longest A-ASSOCIATE-RQ or -AC. Default 262,144: 128 contexts of thirty transfer syntaxes. */
  readonly maxAssociateBytes?: number;
}

const HEADER_BYTES = 6;
const FIXED_BYTES = 4;
const FIRST_BYTES = 4096;
const DEFAULT_MAX_ASSOCIATE_BYTES = 262_144;

const u32At = (bytes: Uint8Array, at: number): number => new DataView(bytes.buffer, bytes.byteOffset + at, 4).getUint32(0);

/** Collects so many bytes over several reads; takes memory as they come, not as they were announced. */
class Gathering {
  readonly #length: number;
  #bytes: Uint8Array;
  #filled = 0;

  constructor(length: number) {
    this.#length = length;
    this.#bytes = new Uint8Array(Math.min(length, FIRST_BYTES));
  }

  /** Takes what it lacks from `at` on; gives how many bytes those were. */
  fill(from: Uint8Array, at: number): number {
    const taken = from.subarray(at, at + this.#length - this.#filled);
    const filled = this.#filled + taken.length;
    if (filled > this.#bytes.length) {
      const larger = new Uint8Array(Math.min(this.#length, Math.max(2 * this.#bytes.length, filled)));
      larger.set(this.#bytes.subarray(0, this.#filled));
      this.#bytes = larger;
    }
    this.#bytes.set(taken, this.#filled);
    this.#filled = filled;
    return taken.length;
  }

  get isWhole(): boolean {
    return this.#filled === this.#length;
  }

  get isBegun(): boolean {
    return this.#filled > 0;
  }

  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#filled);
  }
}

/** The value that is being read of a P-DATA-TF. */
interface Value extends Omit<DataPiece, 'bytes'> {
  left: number;
}

/**
 * Reads PDUs from a stream as it comes. Data are handed on as they come, in views of what was read: nothing of a P-DATA-TF is kept but six bytes. Of
 * others no more is kept than the limit, and nothing before it is there: a length of 4 GiB costs nothing. Fails with PDU_TYPE, PDU_LENGTH, PDU_TOO_LONG,
 * NO_PDV, PDV_LENGTH, ITEM_LENGTH or CONTEXT_ID, once: behind that no byte has a meaning, and all are swallowed.
 */
export class PduReader {
  readonly #limits: Required<PduLimits>;
  #header = new Gathering(HEADER_BYTES);
  #body: { readonly type: number; readonly gathering: Gathering } | undefined;
  /** What is left of the P-DATA-TF. */
  #dataLeft = 0;
  #value: Value | undefined;
  /** Read, and not yet handed on. */
  #event: PduEvent | undefined;
  #hasFailed = false;

  constructor({ maxDataBytes, maxAssociateBytes = DEFAULT_MAX_ASSOCIATE_BYTES }: PduLimits) {
    this.#limits = { maxDataBytes, maxAssociateBytes };
  }

  /** Whether a PDU has begun to come, and has not come whole. */
  get isInPdu(): boolean {
    return this.#header.isBegun || this.#body !== undefined || this.#dataLeft > 0 || this.#value !== undefined;
  }

  /** Each event before the next byte is looked at, so that what is right before a fault is not lost with it. */
  *read(bytes: Uint8Array): Generator<PduEvent, void> {
    let at = 0;
    while (at < bytes.length && !this.#hasFailed) {
      try {
        at += this.#step(bytes, at);
      } catch (error) {
        this.#hasFailed = true;
        throw error;
      }
      const event = this.#event;
      this.#event = undefined;
      if (event !== undefined) yield event;
    }
  }

  /** Takes one run of bytes; gives its length. */
  #step(bytes: Uint8Array, at: number): number {
    if (this.#value !== undefined) return this.#takeValue(this.#value, bytes, at);
    if (this.#body !== undefined) {
      const { type, gathering } = this.#body;
      const taken = gathering.fill(bytes, at);
      if (gathering.isWhole) {
        this.#body = undefined;
        this.#event = eventOf(type, gathering.bytes);
      }
      return taken;
    }
    // A value needs a header, and what is left may have no room for one.
    if (this.#dataLeft > 0 && this.#dataLeft < PDV_HEADER_BYTES) throw new ProtocolError('PDV_LENGTH', { left: this.#dataLeft });
    const taken = this.#header.fill(bytes, at);
    if (!this.#header.isWhole) return taken;
    const header = this.#header.bytes;
    this.#header = new Gathering(HEADER_BYTES);
    if (this.#dataLeft > 0) this.#startValue(header);
    else this.#startPdu(header[0] ?? 0, u32At(header, 2));
    return taken;
  }

  #startPdu(type: number, length: number): void {
    if (type < PDU_TYPE.ASSOCIATE_RQ || type > PDU_TYPE.ABORT) throw new ProtocolError('PDU_TYPE', { type });
    if (type === PDU_TYPE.DATA) {
      if (length > this.#limits.maxDataBytes) throw new ProtocolError('PDU_TOO_LONG', { type, length });
      if (length < PDV_HEADER_BYTES) throw new ProtocolError('NO_PDV', { length });
      this.#dataLeft = length;
      return;
    }
    const isAssociate = type === PDU_TYPE.ASSOCIATE_RQ || type === PDU_TYPE.ASSOCIATE_AC;
    if (!isAssociate && length !== FIXED_BYTES) throw new ProtocolError('PDU_LENGTH', { type, length });
    if (length > this.#limits.maxAssociateBytes) throw new ProtocolError('PDU_TOO_LONG', { type, length });
    if (length === 0) throw new ProtocolError('PDU_LENGTH', { type, length });
    this.#body = { type, gathering: new Gathering(length) };
  }

  #startValue(header: Uint8Array): void {
    const length = u32At(header, 0);
    const [contextId = 0, control = 0] = header.subarray(4);
    if (length < 2 || length - 2 > this.#dataLeft - PDV_HEADER_BYTES) throw new ProtocolError('PDV_LENGTH', { length });
    this.#dataLeft -= PDV_HEADER_BYTES;
    const value = { contextId, isCommand: (control & 1) === 1, isLast: (control & 2) === 2, left: length - 2 };
    this.#value = value;
    if (value.left === 0) this.#takeValue(value, new Uint8Array(0), 0);
  }

  #takeValue(value: Value, bytes: Uint8Array, at: number): number {
    const taken = bytes.subarray(at, at + value.left);
    const { contextId, isCommand } = value;
    value.left -= taken.length;
    this.#dataLeft -= taken.length;
    const isWhole = value.left === 0;
    this.#event = { kind: 'data', piece: { contextId, isCommand, isLast: isWhole && value.isLast, bytes: taken } };
    if (isWhole) this.#value = undefined;
    return taken.length;
  }
}

function eventOf(type: number, body: Uint8Array): PduEvent {
  const [, second = 0, third = 0, fourth = 0] = body;
  switch (type) {
    case PDU_TYPE.ASSOCIATE_RQ:
      return { kind: 'associate-rq', request: decodeAssociateRequest(body) };
    case PDU_TYPE.ASSOCIATE_AC:
      return { kind: 'associate-ac', accept: decodeAssociateAccept(body) };
    case PDU_TYPE.ASSOCIATE_RJ:
      return { kind: 'associate-rj', reject: { result: second, source: third, reason: fourth } };
    case PDU_TYPE.RELEASE_RQ:
      return { kind: 'release-rq' };
    case PDU_TYPE.RELEASE_RP:
      return { kind: 'release-rp' };
    default:
      return { kind: 'abort', abort: { source: third, reason: fourth } };
  }
}
