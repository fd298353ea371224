import type { ByteSink } from './byte-sink.ts';
import { ByteSource } from './byte-source.ts';
import type { CommonExtendedNegotiation, UserIdentity, UserInformation } from './types.ts';

/** Sub-items of user information (PS3.8 D.1; PS3.7 D.3.3). */
const SUB_ITEM = {
  MAX_LENGTH: 0x51,
  IMPLEMENTATION_CLASS: 0x52,
  ASYNCHRONOUS_WINDOW: 0x53,
  ROLE: 0x54,
  IMPLEMENTATION_VERSION: 0x55,
  EXTENDED: 0x56,
  COMMON_EXTENDED: 0x57,
  USER_IDENTITY: 0x58,
  USER_IDENTITY_RESPONSE: 0x59,
} as const;

function writeCommonExtended(sink: ByteSink, negotiation: CommonExtendedNegotiation): void {
  // Version 0 of the sub-item stands in the byte that others reserve.
  sink.item(SUB_ITEM.COMMON_EXTENDED, (content) => {
    content.sizedText(negotiation.sopClassUid).sizedText(negotiation.serviceClassUid);
    content.u16(negotiation.relatedSopClassUids.reduce((sum, uid) => sum + 2 + uid.length, 0));
    for (const uid of negotiation.relatedSopClassUids) content.sizedText(uid);
  });
}

/** Optional sub-items, in the order of their types. */
function writeOptional(sink: ByteSink, user: UserInformation): void {
  const { asynchronousWindow: window, implementationVersion, userIdentity, userIdentityResponse } = user;
  if (window !== undefined) {
    sink.item(SUB_ITEM.ASYNCHRONOUS_WINDOW, (content) => content.u16(window.invoked).u16(window.performed));
  }
  for (const { sopClassUid, scu, scp } of user.roles) {
    sink.item(SUB_ITEM.ROLE, (content) => content.sizedText(sopClassUid).u8(Number(scu), Number(scp)));
  }
  if (implementationVersion !== undefined) {
    sink.item(SUB_ITEM.IMPLEMENTATION_VERSION, (content) => content.text(implementationVersion));
  }
  for (const { sopClassUid, information } of user.extended) {
    sink.item(SUB_ITEM.EXTENDED, (content) => content.sizedText(sopClassUid).put(information));
  }
  for (const negotiation of user.commonExtended) writeCommonExtended(sink, negotiation);
  if (userIdentity !== undefined) {
    const { type, wantsResponse, primary, secondary } = userIdentity;
    sink.item(SUB_ITEM.USER_IDENTITY, (content) => content.u8(type, Number(wantsResponse)).sized(primary).sized(secondary));
  }
  if (userIdentityResponse !== undefined) {
    sink.item(SUB_ITEM.USER_IDENTITY_RESPONSE, (content) => content.sized(userIdentityResponse));
  }
}

/** Fails with VALUE or ITEM_LENGTH for what has no room. */
export function writeUserInformation(sink: ByteSink, user: UserInformation): void {
  sink.item(SUB_ITEM.MAX_LENGTH, (content) => content.u32(user.maxLength));
  sink.item(SUB_ITEM.IMPLEMENTATION_CLASS, (content) => content.text(user.implementationClassUid));
  writeOptional(sink, user);
}

function readCommonExtended(content: ByteSource): CommonExtendedNegotiation {
  const sopClassUid = content.sizedText();
  const serviceClassUid = content.sizedText();
  const related = new ByteSource(content.take(content.u16()));
  const relatedSopClassUids: string[] = [];
  while (related.left > 0) relatedSopClassUids.push(related.sizedText());
  return { sopClassUid, serviceClassUid, relatedSopClassUids };
}

function readUserIdentity(content: ByteSource): UserIdentity {
  const type = content.u8();
  const wantsResponse = content.u8() === 1;
  const primary = content.sized();
  return { type, wantsResponse, primary, secondary: content.left > 0 ? content.sized() : new Uint8Array(0) };
}

type Draft = {
  -readonly [Key in keyof UserInformation]: UserInformation[Key] extends readonly (infer Item)[] ? Item[] : UserInformation[Key];
};

/** Reads one sub-item; what is not known is left alone (PS3.8 9.3.1). */
function readSubItem(draft: Draft, type: number, content: ByteSource): void {
  switch (type) {
    case SUB_ITEM.MAX_LENGTH:
      draft.maxLength = content.u32();
      break;
    case SUB_ITEM.IMPLEMENTATION_CLASS:
      draft.implementationClassUid = content.text(content.left);
      break;
    case SUB_ITEM.ASYNCHRONOUS_WINDOW:
      draft.asynchronousWindow = { invoked: content.u16(), performed: content.u16() };
      break;
    case SUB_ITEM.ROLE:
      draft.roles.push({ sopClassUid: content.sizedText(), scu: content.u8() === 1, scp: content.u8() === 1 });
      break;
    case SUB_ITEM.IMPLEMENTATION_VERSION:
      draft.implementationVersion = content.text(content.left);
      break;
    case SUB_ITEM.EXTENDED:
      draft.extended.push({ sopClassUid: content.sizedText(), information: content.rest() });
      break;
    case SUB_ITEM.COMMON_EXTENDED:
      draft.commonExtended.push(readCommonExtended(content));
      break;
    case SUB_ITEM.USER_IDENTITY:
      draft.userIdentity = readUserIdentity(content);
      break;
    case SUB_ITEM.USER_IDENTITY_RESPONSE:
      draft.userIdentityResponse = content.sized();
      break;
  }
}

/** What a peer that says nothing of itself has said. */
export const NO_USER_INFORMATION: UserInformation = {
  maxLength: 0,
  implementationClassUid: '',
  roles: [],
  extended: [],
  commonExtended: [],
};

/** Fails with ITEM_LENGTH. */
export function readUserInformation(source: ByteSource): UserInformation {
  const draft: Draft = { ...NO_USER_INFORMATION, roles: [], extended: [], commonExtended: [] };
  for (const { type, content } of source.items()) readSubItem(draft, type, content);
  return draft;
}
