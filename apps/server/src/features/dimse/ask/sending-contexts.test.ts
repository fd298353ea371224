import { describe, expect, test } from 'vitest';
import { contextFor, kindKey, loadsOf, waysOf } from './sending-contexts.ts';

const [IMPLICIT, EXPLICIT, BIG, JPEG] = [
  '1.2.840.10008.1.2',
  '1.2.840.10008.1.2.1',
  '1.2.840.10008.1.2.2',
  '1.2.840.10008.1.2.4.70',
];
const CT = '1.2.840.10008.5.1.4.1.1.2';
const context = (id: number, transferSyntax: string, abstractSyntax = CT) => ({
  ...{ id, abstractSyntax, transferSyntax },
  ...{ requestorIsScu: true, requestorIsScp: false },
});

describe('the contexts for what is to be sent (PS3.8 9.3.2.2)', () => {
  test.each([
    [EXPLICIT, [EXPLICIT, IMPLICIT]],
    [IMPLICIT, [IMPLICIT, EXPLICIT]],
    [BIG, [BIG, EXPLICIT, IMPLICIT]],
    [JPEG, [JPEG]],
  ])('%s goes as it is, and what is plain in the other form of plain too', (stored, ways) => {
    expect(waysOf(stored)).toEqual(ways);
  });

  test('each class is proposed with each transfer syntax by itself, under odd numbers', () => {
    const kinds = [EXPLICIT, JPEG, EXPLICIT].map((transferSyntaxUid) => ({ sopClassUid: CT, transferSyntaxUid }));
    expect(loadsOf(kinds).map(({ contexts }) => contexts)).toEqual([
      [EXPLICIT, IMPLICIT, JPEG].map((uid, index) => ({ id: 2 * index + 1, abstractSyntax: CT, transferSyntaxes: [uid] })),
    ]);
  });

  test('what has no room in 128 contexts goes by another association, and each kind by one', () => {
    const kinds = Array.from({ length: 150 }, (_, index) => ({ sopClassUid: `1.2.${index}`, transferSyntaxUid: EXPLICIT }));
    const loads = loadsOf(kinds);
    expect(loads.map(({ contexts }) => contexts.length)).toEqual([128, 128, 44]);
    expect(loads[0]?.contexts.at(-1)?.id).toBe(255);
    expect(loads.flatMap((load) => [...load.kinds])).toEqual(kinds.map(kindKey));
  });

  test('nothing is proposed for nothing', () => {
    expect(loadsOf([])).toEqual([]);
  });
});

describe('the context of an instance', () => {
  const plain = { sopClassUid: CT, transferSyntaxUid: EXPLICIT };

  test('is that of its own transfer syntax, wherever it stands', () => {
    expect(contextFor(plain, [context(1, IMPLICIT), context(3, EXPLICIT)])?.id).toBe(3);
  });

  test('is the other form of plain where its own was not taken', () => {
    expect(contextFor(plain, [context(1, JPEG), context(3, IMPLICIT)])?.id).toBe(3);
  });

  test('is none of another class, and none that would need decoding', () => {
    expect(contextFor(plain, [context(1, EXPLICIT, '1.2.3')])).toBeUndefined();
    expect(contextFor({ sopClassUid: CT, transferSyntaxUid: JPEG }, [context(1, EXPLICIT)])).toBeUndefined();
  });
});
