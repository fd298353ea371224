import { ByteSink } from './byte-sink.ts';
import { ITEM, PDU_TYPE } from './codes.ts';
import type { Abort, AssociateAccept, AssociateReject, AssociateRequest, DataPiece } from './types.ts';
import { writeUserInformation } from './user-information.ts';

function pdu(type: number, body: Uint8Array): Uint8Array {
  return new ByteSink().u8(type, 0).u32(body.length).put(body).bytes();
}

function associate(
  type: number,
  message: Omit<AssociateRequest, 'contexts'>,
  writeContexts: (sink: ByteSink) => void,
): Uint8Array {
  const sink = new ByteSink().u16(message.protocolVersion).u16(0).title(message.calledAet).title(message.callingAet);
  sink.put(new Uint8Array(32)).item(ITEM.APPLICATION_CONTEXT, (content) => content.text(message.applicationContext));
  writeContexts(sink);
  sink.item(ITEM.USER_INFORMATION, (content) => writeUserInformation(content, message.user));
  return pdu(type, sink.bytes());
}

/** A-ASSOCIATE-RQ (PS3.8 9.3.2). Fails with VALUE or ITEM_LENGTH. */
export function encodeAssociateRequest(request: AssociateRequest): Uint8Array {
  return associate(PDU_TYPE.ASSOCIATE_RQ, request, (sink) => {
    for (const { id, abstractSyntax, transferSyntaxes } of request.contexts) {
      sink.item(ITEM.PROPOSED_CONTEXT, (content) => {
        content.u8(id, 0, 0, 0).item(ITEM.ABSTRACT_SYNTAX, (syntax) => syntax.text(abstractSyntax));
        for (const uid of transferSyntaxes) content.item(ITEM.TRANSFER_SYNTAX, (syntax) => syntax.text(uid));
      });
    }
  });
}

/** A-ASSOCIATE-AC (PS3.8 9.3.3). Fails with VALUE or ITEM_LENGTH. */
export function encodeAssociateAccept(accept: AssociateAccept): Uint8Array {
  return associate(PDU_TYPE.ASSOCIATE_AC, accept, (sink) => {
    for (const { id, result, transferSyntax } of accept.contexts) {
      sink.item(ITEM.ANSWERED_CONTEXT, (content) => {
        content.u8(id, 0, result, 0).item(ITEM.TRANSFER_SYNTAX, (syntax) => syntax.text(transferSyntax));
      });
    }
  });
}

/** A-ASSOCIATE-RJ (PS3.8 9.3.4). */
export const encodeAssociateReject = ({ result, source, reason }: AssociateReject): Uint8Array =>
  pdu(PDU_TYPE.ASSOCIATE_RJ, Uint8Array.of(0, result, source, reason));
/** A-RELEASE-RQ (PS3.8 9.3.6). */
export const encodeReleaseRequest = (): Uint8Array => pdu(PDU_TYPE.RELEASE_RQ, new Uint8Array(4));
/** A-RELEASE-RP (PS3.8 9.3.7). */
export const encodeReleaseResponse = (): Uint8Array => pdu(PDU_TYPE.RELEASE_RP, new Uint8Array(4));
/** A-ABORT (PS3.8 9.3.8). */
export const encodeAbort = ({ source, reason }: Abort): Uint8Array => pdu(PDU_TYPE.ABORT, Uint8Array.of(0, 0, source, reason));

/** What a presentation data value takes of a PDU before its bytes. */
export const PDV_HEADER_BYTES = 6;

/** What stands before the bytes of a P-DATA-TF with one presentation data value of that length (PS3.8 9.3.5, E.2). */
export function encodeDataHeader({ contextId, isCommand, isLast }: Omit<DataPiece, 'bytes'>, length: number): Uint8Array {
  const sink = new ByteSink().u8(PDU_TYPE.DATA, 0).u32(length + PDV_HEADER_BYTES);
  return sink
    .u32(length + 2)
    .u8(contextId, Number(isCommand) + 2 * Number(isLast))
    .bytes();
}
