import { describe, expect, test } from 'vitest';
import { CONTEXT_RESULT, REJECT } from '../pdu/types.ts';
import { type AcceptorPolicy, agreedContexts, negotiate, refusalOf } from './negotiate.ts';

const [IMPLICIT, EXPLICIT, BIG_ENDIAN] = ['1.2.840.10008.1.2', '1.2.840.10008.1.2.1', '1.2.840.10008.1.2.2'];
const [JPEG, J2K, UNKNOWN] = ['1.2.840.10008.1.2.4.70', '1.2.840.10008.1.2.4.90', '1.2.3.4.5'];
const [VERIFICATION, CT, OTHER] = ['1.2.840.10008.1.1', '1.2.840.10008.5.1.4.1.1.2', '1.9.9'];

const POLICY: AcceptorPolicy = {
  implementation: { classUid: '1.2.3', version: 'TEST_1' },
  maxLength: 65_536,
  offer: (uid) => {
    if (uid === VERIFICATION) return { takes: (syntax) => syntax === IMPLICIT || syntax === EXPLICIT };
    return uid === CT ? { takes: (syntax) => syntax !== UNKNOWN, requestorMayBeScp: true } : undefined;
  },
};

function request(contexts: readonly [abstractSyntax: string, ...transferSyntaxes: string[]][], roles = {}, more = {}) {
  return {
    protocolVersion: 1,
    calledAet: 'ARCHIVE',
    callingAet: 'SCANNER',
    applicationContext: '1.2.840.10008.3.1.1.1',
    contexts: contexts.map(([abstractSyntax, ...transferSyntaxes], index) => ({
      id: 2 * index + 1,
      abstractSyntax,
      transferSyntaxes,
    })),
    user: {
      maxLength: 16_384,
      implementationClassUid: '1.2.9',
      roles: Object.entries<{ scu: boolean; scp: boolean }>(roles).map(([sopClassUid, role]) => ({ sopClassUid, ...role })),
      extended: [],
      commonExtended: [],
      ...more,
    },
  };
}
const transferSyntaxOf = (...proposed: string[]): string | undefined =>
  negotiate(request([[CT, ...proposed]]), POLICY).contexts.get(1)?.transferSyntax;

describe('presentation contexts (PS3.8 9.3.3.2, PS3.7 D.3.2)', () => {
  test('each is answered under its id, and only what is accepted is agreed', () => {
    const { accept, contexts } = negotiate(
      request([
        [VERIFICATION, IMPLICIT],
        [OTHER, IMPLICIT],
        [CT, UNKNOWN],
        [CT, J2K],
      ]),
      POLICY,
    );
    expect(accept.contexts).toEqual([
      { id: 1, result: CONTEXT_RESULT.ACCEPTED, transferSyntax: IMPLICIT },
      { id: 3, result: CONTEXT_RESULT.ABSTRACT_SYNTAX_NOT_SUPPORTED, transferSyntax: IMPLICIT },
      { id: 5, result: CONTEXT_RESULT.TRANSFER_SYNTAXES_NOT_SUPPORTED, transferSyntax: IMPLICIT },
      { id: 7, result: CONTEXT_RESULT.ACCEPTED, transferSyntax: J2K },
    ]);
    expect([...contexts.values()]).toEqual([
      { id: 1, abstractSyntax: VERIFICATION, transferSyntax: IMPLICIT, requestorIsScu: true, requestorIsScp: false },
      { id: 7, abstractSyntax: CT, transferSyntax: J2K, requestorIsScu: true, requestorIsScp: false },
    ]);
  });

  test('what is no UID is neither taken nor repeated, whatever the policy says', () => {
    const takesAll = { ...POLICY, offer: () => ({ takes: () => true, requestorMayBeScp: true }) };
    const asked = request([[CT, '1.2 ', 'é'.repeat(3)]], { 'not a UID': { scu: true, scp: true } });
    const { accept } = negotiate(asked, takesAll);
    expect(accept.contexts).toEqual([
      { id: 1, result: CONTEXT_RESULT.TRANSFER_SYNTAXES_NOT_SUPPORTED, transferSyntax: IMPLICIT },
    ]);
    expect(accept.user.roles).toEqual([]);
  });

  test('a context that proposes no transfer syntax is refused', () => {
    expect(negotiate(request([[CT]]), POLICY).accept.contexts[0]?.result).toBe(CONTEXT_RESULT.TRANSFER_SYNTAXES_NOT_SUPPORTED);
  });

  test.each([
    ['the first that is proposed', [JPEG, EXPLICIT, IMPLICIT], JPEG],
    ['the first that is known', [UNKNOWN, J2K, JPEG], J2K],
    ['the one that there is', [BIG_ENDIAN], BIG_ENDIAN],
    ['explicit VR rather than implicit', [IMPLICIT, BIG_ENDIAN, EXPLICIT], EXPLICIT],
    ['implicit VR where explicit is not proposed', [IMPLICIT, BIG_ENDIAN], IMPLICIT],
    ['none', [UNKNOWN], undefined],
  ])('the transfer syntax is %s', (_what, proposed, taken) => {
    expect(transferSyntaxOf(...proposed)).toBe(taken);
  });

  test('who asks is answered with its own titles, and one operation at a time (PS3.7 D.3.3.3)', () => {
    const { accept } = negotiate(request([], {}, { asynchronousWindow: { invoked: 8, performed: 0 } }), POLICY);
    expect(accept).toMatchObject({
      protocolVersion: 1,
      calledAet: 'ARCHIVE',
      callingAet: 'SCANNER',
      user: {
        maxLength: 65_536,
        implementationClassUid: '1.2.3',
        implementationVersion: 'TEST_1',
        asynchronousWindow: { invoked: 1, performed: 1 },
      },
    });
    expect(negotiate(request([]), POLICY).accept.user).not.toHaveProperty('asynchronousWindow');
  });

  test('nothing is answered to an identity or an extended negotiation that is not served (PS3.7 D.3.3.5, D.3.3.7)', () => {
    const identity = { type: 1, wantsResponse: true, primary: new Uint8Array(1), secondary: new Uint8Array(0) };
    const { user } = negotiate(
      request([], {}, { userIdentity: identity, extended: [{ sopClassUid: CT, information: new Uint8Array(1) }] }),
      POLICY,
    ).accept;
    expect(user.extended).toEqual([]);
    expect(user).not.toHaveProperty('userIdentityResponse');
  });
});

describe('roles (PS3.7 D.3.3.4)', () => {
  const rolesFor = (role: { scu: boolean; scp: boolean }, uid = CT) => {
    const { accept, contexts } = negotiate(request([[uid, IMPLICIT]], { [uid]: role }), POLICY);
    const { requestorIsScu, requestorIsScp } = contexts.get(1) ?? {};
    return { answered: accept.user.roles, requestorIsScu, requestorIsScp };
  };

  test('who wants to perform storage may, where it is offered', () => {
    expect(rolesFor({ scu: false, scp: true })).toEqual({
      answered: [{ sopClassUid: CT, scu: false, scp: true }],
      requestorIsScu: false,
      requestorIsScp: true,
    });
    expect(rolesFor({ scu: true, scp: true })).toMatchObject({ requestorIsScu: true, requestorIsScp: true });
  });

  test('who wants to perform what is not offered may not, and is told so', () => {
    expect(rolesFor({ scu: true, scp: true }, VERIFICATION)).toEqual({
      answered: [{ sopClassUid: VERIFICATION, scu: true, scp: false }],
      requestorIsScu: true,
      requestorIsScp: false,
    });
  });

  test('who may only perform is not let ask: not by proposing both roles, and not by saying nothing of roles', () => {
    const performs = { ...POLICY, offer: () => ({ takes: () => true, requestorMayBeScu: false, requestorMayBeScp: true }) };
    const agreedFor = (roles: object) => {
      const { accept, contexts } = negotiate(request([[CT, IMPLICIT]], roles), performs);
      return { result: accept.contexts[0]?.result, roles: accept.user.roles, agreed: contexts.get(1) };
    };
    expect(agreedFor({ [CT]: { scu: true, scp: true } })).toMatchObject({
      result: CONTEXT_RESULT.ACCEPTED,
      roles: [{ sopClassUid: CT, scu: false, scp: true }],
      agreed: { requestorIsScu: false, requestorIsScp: true },
    });
    const refused = { result: CONTEXT_RESULT.ABSTRACT_SYNTAX_NOT_SUPPORTED, agreed: undefined };
    expect(agreedFor({ [CT]: { scu: true, scp: false } })).toMatchObject(refused);
    expect(agreedFor({})).toMatchObject(refused);
  });

  test('a role where neither is wanted is of no use, and refused', () => {
    const { accept } = negotiate(request([[CT, IMPLICIT]], { [CT]: { scu: false, scp: false } }), POLICY);
    expect(accept.contexts[0]?.result).toBe(CONTEXT_RESULT.ABSTRACT_SYNTAX_NOT_SUPPORTED);
  });

  test('roles of a class that is not served get no answer', () => {
    expect(rolesFor({ scu: true, scp: true }, OTHER).answered).toEqual([]);
  });
});

describe('what is answered to a request of one’s own', () => {
  const asked = request(
    [
      [CT, JPEG, IMPLICIT],
      [VERIFICATION, IMPLICIT],
    ],
    { [CT]: { scu: true, scp: true } },
  );
  const answer = (contexts: { id: number; result: number; transferSyntax: string }[], more = {}) => ({
    ...asked,
    contexts,
    user: { ...asked.user, roles: [], ...more },
  });

  test('counts where it was proposed', () => {
    const agreed = agreedContexts(
      asked,
      answer(
        [
          { id: 1, result: 0, transferSyntax: JPEG },
          { id: 3, result: 1, transferSyntax: '' },
        ],
        {
          roles: [{ sopClassUid: CT, scu: true, scp: true }],
        },
      ),
    );
    expect([...agreed.values()]).toEqual([
      { id: 1, abstractSyntax: CT, transferSyntax: JPEG, requestorIsScu: true, requestorIsScp: true },
    ]);
  });

  test('a role that is not answered is the usual one', () => {
    expect(agreedContexts(asked, answer([{ id: 1, result: 0, transferSyntax: JPEG }])).get(1)).toMatchObject({
      requestorIsScu: true,
      requestorIsScp: false,
    });
  });

  test('a role that was not asked for is not given', () => {
    const agreed = agreedContexts(
      asked,
      answer([{ id: 3, result: 0, transferSyntax: IMPLICIT }], { roles: [{ sopClassUid: VERIFICATION, scu: false, scp: true }] }),
    );
    expect(agreed.get(3)).toMatchObject({ requestorIsScu: true, requestorIsScp: false });
  });

  test.each([
    ['a context that was not proposed', [{ id: 5, result: 0, transferSyntax: IMPLICIT }], {}, 'ANSWER_NOT_PROPOSED'],
    ['a transfer syntax that was not proposed', [{ id: 1, result: 0, transferSyntax: J2K }], {}, 'ANSWER_NOT_PROPOSED'],
    ['a maximum that nothing fits', [], { maxLength: 7 }, 'MAX_LENGTH'],
  ])('%s is an error', (_what, contexts, more, code) => {
    expect(() => agreedContexts(asked, answer(contexts, more))).toThrowError(expect.objectContaining({ code }));
  });
});

describe('who can not be spoken with at all', () => {
  test.each([
    ['another application context', { ...request([]), applicationContext: '1.2.3' }, REJECT.APPLICATION_CONTEXT],
    ['a called title that is none', { ...request([]), calledAet: 'ARCHIV\u00c9' }, REJECT.CALLED_AET],
    ['a calling title that is none', { ...request([]), callingAet: 'A\nB' }, REJECT.CALLING_AET],
    ['a maximum length that nothing fits', request([], {}, { maxLength: 1 }), REJECT.NO_REASON],
    ['no limit', request([], {}, { maxLength: 0 }), undefined],
    ['the least that something fits', request([], {}, { maxLength: 8 }), undefined],
  ])('%s', (_what, asked, refusal) => {
    expect(refusalOf(asked)).toEqual(refusal);
  });
});
