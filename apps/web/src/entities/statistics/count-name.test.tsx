import { screen } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { FakeApi } from '../../test/fake-api.ts';
import { openPart } from '../../test/page-fixture.tsx';
import { CountName } from './count-name.tsx';

const COUNTS = { screened: 4, hidden: 2, positive: 2, validated: 2, rejected: 0, waiting: 1, refused: 0, unanswered: 0 };

describe('a figure of scores above the threshold', () => {
  test('says of how many shown scores it is where some are hidden', async () => {
    await openPart(
      new FakeApi(),
      <p>
        <CountName of="positive" counts={COUNTS} />
      </p>,
    );
    expect(screen.getByText('Au-dessus du seuil, sur 2 scores montrés')).toBeTruthy();
  });

  test('says nothing more where none is, and of films that were read', async () => {
    await openPart(
      new FakeApi(),
      <>
        <p>
          <CountName of="positive" counts={{ ...COUNTS, hidden: 0 }} />
        </p>
        <p>
          <CountName of="screened" counts={COUNTS} />
        </p>
      </>,
    );
    expect(screen.getByText('Au-dessus du seuil')).toBeTruthy();
    expect(screen.getByText('Lus par le modèle')).toBeTruthy();
  });
});
