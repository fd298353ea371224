import { describe, expect, test } from 'vitest';
import { decodeAssociateAccept, decodeAssociateRequest } from '../src/pdu/decode.ts';
import {
  encodeAbort,
  encodeAssociateAccept,
  encodeAssociateReject,
  encodeAssociateRequest,
  encodeDataHeader,
  encodeReleaseRequest,
  encodeReleaseResponse,
} from '../src/pdu/encode.ts';
import type { AssociateAccept, AssociateRequest, UserInformation } from '../src/pdu/types.ts';
import {
  ABORT,
  APPLICATION,
  answered,
  ascii,
  associateBody,
  CT_STORAGE,
  concat,
  data,
  EXPLICIT,
  IMPLICIT,
  item,
  JPEG_LOSSLESS,
  pdu,
  pdv,
  proposed,
  RELEASE_RP,
  RELEASE_RQ,
  u16,
  user,
  VERIFICATION,
} from './bytes.ts';

const sized = (bytes: Uint8Array | string): Uint8Array => {
  const content = typeof bytes === 'string' ? ascii(bytes) : bytes;
  return concat(u16(content.length), content);
};

/** Every sub-item there is, as bytes and as values. */
const ALL_SUB_ITEMS = [
  item(0x53, u16(2, 0)),
  item(0x54, concat(sized(CT_STORAGE), Uint8Array.of(0, 1))),
  item(0x54, concat(sized(VERIFICATION), Uint8Array.of(1, 0))),
  item(0x55, 'NEGATOSCOPE_1'),
  item(0x56, concat(sized(CT_STORAGE), Uint8Array.of(2, 0, 1))),
  item(0x57, concat(sized('1.2.840.1'), sized('1.2.840.10008.4.2'), sized(concat(sized('1.2.3'), sized('1.2.3.4'))))),
  item(0x58, concat(Uint8Array.of(2, 1), sized('name'), sized('secret'))),
];
const ALL_VALUES: UserInformation = {
  maxLength: 16384,
  implementationClassUid: '1.2.3.4',
  asynchronousWindow: { invoked: 2, performed: 0 },
  roles: [
    { sopClassUid: CT_STORAGE, scu: false, scp: true },
    { sopClassUid: VERIFICATION, scu: true, scp: false },
  ],
  implementationVersion: 'NEGATOSCOPE_1',
  extended: [{ sopClassUid: CT_STORAGE, information: Uint8Array.of(2, 0, 1) }],
  commonExtended: [{ sopClassUid: '1.2.840.1', serviceClassUid: '1.2.840.10008.4.2', relatedSopClassUids: ['1.2.3', '1.2.3.4'] }],
  userIdentity: { type: 2, wantsResponse: true, primary: ascii('name'), secondary: ascii('secret') },
};
const PLAIN: UserInformation = {
  maxLength: 16384,
  implementationClassUid: '1.2.3.4',
  roles: [],
  extended: [],
  commonExtended: [],
};
const REQUEST: AssociateRequest = {
  protocolVersion: 1,
  calledAet: 'ARCHIVE',
  callingAet: 'SCANNER',
  applicationContext: '1.2.840.10008.3.1.1.1',
  contexts: [
    { id: 1, abstractSyntax: VERIFICATION, transferSyntaxes: [IMPLICIT] },
    { id: 255, abstractSyntax: CT_STORAGE, transferSyntaxes: [JPEG_LOSSLESS, EXPLICIT, IMPLICIT] },
  ],
  user: ALL_VALUES,
};
const REQUEST_BODY = associateBody({
  items: [
    APPLICATION,
    proposed(1, VERIFICATION, IMPLICIT),
    proposed(255, CT_STORAGE, JPEG_LOSSLESS, EXPLICIT, IMPLICIT),
    user(16384, ...ALL_SUB_ITEMS),
  ],
});

describe('A-ASSOCIATE-RQ (PS3.8 9.3.2)', () => {
  test('is written byte by byte as the standard says, with every sub-item (PS3.8 D.1, PS3.7 D.3.3)', () => {
    expect(encodeAssociateRequest(REQUEST)).toEqual(pdu(1, REQUEST_BODY));
  });

  test('is read', () => {
    expect(decodeAssociateRequest(REQUEST_BODY)).toEqual(REQUEST);
  });

  test('with 128 contexts of every transfer syntax comes out as it went in', () => {
    const transferSyntaxes = Array.from({ length: 40 }, (_, index) => `1.2.840.10008.1.2.4.${index + 50}`);
    const contexts = Array.from({ length: 128 }, (_, index) => ({
      id: 2 * index + 1,
      abstractSyntax: `${CT_STORAGE}.${index}`,
      transferSyntaxes,
    }));
    const bytes = encodeAssociateRequest({ ...REQUEST, contexts, user: PLAIN });
    expect(decodeAssociateRequest(bytes.subarray(6))).toEqual({ ...REQUEST, contexts, user: PLAIN });
  });

  test('padding of titles and UIDs is not part of them, whatever it is', () => {
    const body = associateBody({
      called: '  ARCHIVE',
      calling: 'SCANNER\0\0\0',
      items: [item(0x10, '1.2.840.10008.3.1.1.1\0'), proposed(1, `${VERIFICATION}\0`, `${IMPLICIT} `), user()],
    });
    expect(decodeAssociateRequest(body)).toEqual({
      ...REQUEST,
      contexts: [{ id: 1, abstractSyntax: VERIFICATION, transferSyntaxes: [IMPLICIT] }],
      user: PLAIN,
    });
  });

  test('items and sub-items that are not known are left alone (PS3.8 9.3.1)', () => {
    const odd = item(0x20, concat(Uint8Array.of(1, 0, 0, 0), item(0x31, 'x'), item(0x30, VERIFICATION), item(0x40, IMPLICIT)));
    const body = associateBody({ items: [item(0x99, 'what'), APPLICATION, odd, user(0, item(0x5f, 'more'))] });
    expect(decodeAssociateRequest(body)).toMatchObject({
      contexts: [{ id: 1, abstractSyntax: VERIFICATION, transferSyntaxes: [IMPLICIT] }],
      user: { ...PLAIN, maxLength: 0 },
    });
  });

  test('who says nothing of itself sets no limit', () => {
    expect(decodeAssociateRequest(associateBody({})).user).toEqual({ ...PLAIN, maxLength: 0, implementationClassUid: '' });
    expect(decodeAssociateRequest(associateBody({})).applicationContext).toBe('');
  });

  test('an identity without a second field is one (PS3.7 D.3.3.7)', () => {
    const body = associateBody({ items: [user(1, item(0x58, concat(Uint8Array.of(1, 0), sized('name'))))] });
    expect(decodeAssociateRequest(body).user.userIdentity).toEqual({
      type: 1,
      wantsResponse: false,
      primary: ascii('name'),
      secondary: new Uint8Array(0),
    });
  });

  test('what was read does not hold on to what it was read from', () => {
    const body = REQUEST_BODY.slice();
    const read = decodeAssociateRequest(body);
    body.fill(0);
    expect(read).toEqual(REQUEST);
  });

  test.each([
    ['a context id that is even', proposed(2, VERIFICATION, IMPLICIT), 'CONTEXT_ID'],
    ['a context id of zero', proposed(0, VERIFICATION, IMPLICIT), 'CONTEXT_ID'],
    ['a context that comes twice', concat(proposed(1, VERIFICATION), proposed(1, CT_STORAGE)), 'CONTEXT_ID'],
    ['an item that reaches beyond the end', item(0x10, '1.2', 400), 'ITEM_LENGTH'],
    ['an item header that is cut', Uint8Array.of(0x10, 0, 0), 'ITEM_LENGTH'],
    ['a context without room for its id', item(0x20, new Uint8Array(3)), 'ITEM_LENGTH'],
    [
      'a syntax that is longer than its context',
      item(0x20, concat(Uint8Array.of(1, 0, 0, 0), item(0x30, VERIFICATION, 90))),
      'ITEM_LENGTH',
    ],
    ['a maximum length of two bytes', item(0x50, item(0x51, u16(1))), 'ITEM_LENGTH'],
    ['a role whose UID is longer than it', user(1, item(0x54, concat(u16(60), ascii('1.2')))), 'ITEM_LENGTH'],
    ['a role without roles', user(1, item(0x54, sized('1.2.3'))), 'ITEM_LENGTH'],
    ['an identity that is cut', user(1, item(0x58, concat(Uint8Array.of(1, 0), u16(9), ascii('x')))), 'ITEM_LENGTH'],
    [
      'related classes that reach beyond their list',
      user(1, item(0x57, concat(sized('1.2'), sized('1.3'), u16(3), u16(9)))),
      'ITEM_LENGTH',
    ],
    [
      'a list of related classes that is longer than it',
      user(1, item(0x57, concat(sized('1'), sized('2'), u16(9)))),
      'ITEM_LENGTH',
    ],
  ])('%s is an error', (_what, bad, code) => {
    const body = associateBody({ items: [APPLICATION, bad] });
    expect(() => decodeAssociateRequest(body)).toThrowError(expect.objectContaining({ code }));
  });

  test('every length at which it is cut is an error or a request with fewer items, never anything else', () => {
    for (let length = 0; length < REQUEST_BODY.length; length += 1) {
      try {
        expect(decodeAssociateRequest(REQUEST_BODY.subarray(0, length)).contexts.length).toBeLessThanOrEqual(2);
      } catch (error) {
        expect(error).toMatchObject({ name: 'ProtocolError', code: 'ITEM_LENGTH' });
      }
    }
  });

  test('an item of 64 KiB of spaces is read in no time', () => {
    const started = performance.now();
    const body = associateBody({ items: Array.from({ length: 4 }, () => item(0x10, `${' '.repeat(65_000)}x`)) });
    expect(decodeAssociateRequest(body).applicationContext).toBe('x');
    expect(performance.now() - started).toBeLessThan(500);
  });

  test.each([
    ['a title of 17 characters', { callingAet: 'ABCDEFGHIJKLMNOPQ' }, 'VALUE'],
    ['a title that is not ASCII', { calledAet: 'RADIOLOGIE_É' }, 'VALUE'],
    ['a syntax with a control character', { applicationContext: '1.2\n' }, 'VALUE'],
    [
      'a context that has no room',
      { contexts: [{ id: 1, abstractSyntax: '1'.repeat(65_536), transferSyntaxes: [] }] },
      'ITEM_LENGTH',
    ],
  ])('%s is not written', (_what, change, code) => {
    expect(() => encodeAssociateRequest({ ...REQUEST, ...change })).toThrowError(expect.objectContaining({ code }));
  });
});

const ACCEPT: AssociateAccept = {
  protocolVersion: 1,
  calledAet: 'ARCHIVE',
  callingAet: 'SCANNER',
  applicationContext: '1.2.840.10008.3.1.1.1',
  contexts: [
    { id: 1, result: 0, transferSyntax: IMPLICIT },
    { id: 3, result: 4, transferSyntax: IMPLICIT },
  ],
  user: { ...PLAIN, userIdentityResponse: ascii('ticket') },
};
const ACCEPT_BODY = associateBody({
  items: [APPLICATION, answered(1, 0, IMPLICIT), answered(3, 4, IMPLICIT), user(16384, item(0x59, sized('ticket')))],
});

describe('A-ASSOCIATE-AC (PS3.8 9.3.3)', () => {
  test('is written byte by byte as the standard says', () => {
    expect(encodeAssociateAccept(ACCEPT)).toEqual(pdu(2, ACCEPT_BODY));
  });

  test('is read', () => {
    expect(decodeAssociateAccept(ACCEPT_BODY)).toEqual(ACCEPT);
  });

  test('a refused context needs no transfer syntax', () => {
    const body = associateBody({ items: [APPLICATION, item(0x21, Uint8Array.of(5, 0, 3, 0)), user()] });
    expect(decodeAssociateAccept(body).contexts).toEqual([{ id: 5, result: 3, transferSyntax: '' }]);
  });

  test('answers to the same context twice are an error', () => {
    const body = associateBody({ items: [answered(1, 0, IMPLICIT), answered(1, 0, EXPLICIT)] });
    expect(() => decodeAssociateAccept(body)).toThrowError(expect.objectContaining({ code: 'CONTEXT_ID' }));
  });
});

describe('the short PDUs (PS3.8 9.3.4 to 9.3.8)', () => {
  test.each([
    ['A-ASSOCIATE-RJ', encodeAssociateReject({ result: 2, source: 3, reason: 1 }), pdu(3, Uint8Array.of(0, 2, 3, 1))],
    ['A-RELEASE-RQ', encodeReleaseRequest(), RELEASE_RQ],
    ['A-RELEASE-RP', encodeReleaseResponse(), RELEASE_RP],
    ['A-ABORT of the user', encodeAbort({ source: 0, reason: 0 }), ABORT],
    ['A-ABORT of the provider', encodeAbort({ source: 2, reason: 6 }), pdu(7, Uint8Array.of(0, 0, 2, 6))],
  ])('%s', (_name, written, bytes) => {
    expect(written).toEqual(bytes);
  });

  test.each([
    [true, true, 3],
    [true, false, 1],
    [false, true, 2],
    [false, false, 0],
  ])('the head of a P-DATA-TF says command %s and last %s (PS3.8 E.2)', (isCommand, isLast, control) => {
    const header = encodeDataHeader({ contextId: 7, isCommand, isLast }, 5);
    expect(concat(header, ascii('12345'))).toEqual(data(pdv(7, control, ascii('12345'))));
  });
});
