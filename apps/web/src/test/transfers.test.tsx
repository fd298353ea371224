import { Transfer, TransferDetails } from '@negatoscope/contract';
import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { FakeApi, listOf } from './fake-api.ts';
import { openPage } from './page-fixture.tsx';
import { idOf, make } from './sample.ts';

const transfer = (more: Partial<Transfer> = {}): Transfer =>
  make(Transfer, {
    ...{ id: idOf(50), kind: 'SEND' as const, node: { id: idOf(1), name: 'Graveur' }, status: 'RUNNING' as const },
    ...{ isStopping: false, studies: 1, total: 121, done: 1, code: null, failed: 0, warned: 0, nextTryAt: null },
    ...more,
  });
const withTransfer = (now: () => Transfer): FakeApi =>
  new FakeApi().on('listUsableNodes', () => ({ items: [] })).on('listTransfers', () => listOf([now()]));
const open = (fake: FakeApi, role: 'ADMIN' | 'PHYSICIAN' = 'PHYSICIAN', locale: 'fr' | 'en' = 'fr') =>
  openPage(fake, '/app/archives', { role, locale });

describe('a transfer', () => {
  test('that is stopped says so until what is in hands has come to its end, and the keyboard stays in its row', async () => {
    let now = transfer();
    const fake = withTransfer(() => now).on('cancelTransfer', () => {
      now = transfer({ isStopping: true });
      return now;
    });
    const { user } = await open(fake);
    const stop = await screen.findByRole('button', { name: 'Arrêter le transfert vers Graveur' });
    stop.focus();
    await user.keyboard('{Enter}');
    expect(await screen.findByText('arrêt en cours…')).toBeTruthy();
    expect(document.activeElement).toBe(stop);
    now = transfer({ status: 'CANCELLED', code: 'CANCELLED', failed: 120 });
    const details = await screen.findByRole('button', { name: 'Détails du transfert vers Graveur' }, { timeout: 4_000 });
    await waitFor(() => expect(document.activeElement).toBe(details));
  });

  test('that failed tells each reason once, how often, and who mends it where', async () => {
    const failed = transfer({ status: 'FAILED', done: 0, failed: 121, code: 'ASSOCIATION_REFUSED' });
    const problem = { studyInstanceUid: '1.2.3', outcome: 'FAILED' as const, status: null, comment: null };
    const problems = [
      ...Array.from({ length: 99 }, (_, at) => ({
        ...problem,
        ...{ sopInstanceUid: `1.2.3.${at}`, code: 'ASSOCIATION_REFUSED' as const },
      })),
      { ...problem, sopInstanceUid: '1.2.3.99', code: 'OUT_OF_RESOURCES' as const, comment: 'Disk full' },
    ];
    const fake = withTransfer(() => failed).on('getTransfer', () => make(TransferDetails, { ...failed, problems }));
    const { user } = await open(fake, 'ADMIN', 'en');
    await user.click(await screen.findByRole('button', { name: 'Details of the transfer to Graveur' }));
    const dialog = await screen.findByRole('dialog', { name: 'Details of the transfer to Graveur' });
    const lines = await within(dialog).findAllByRole('listitem');
    expect(lines.map(({ textContent }) => textContent)).toEqual([
      expect.stringMatching(/^association refused \(99 images\)An administrator tries this node in DICOM nodes.*99 identifiers/),
      expect.stringMatching(/^out of resources \(1 image\)« Disk full »Try again later\./),
    ]);
    expect(within(dialog).getByRole('link', { name: 'Open DICOM nodes' }).getAttribute('href')).toBe('/app/admin/nodes');
    expect(within(dialog).getByText('and 21 other images.')).toBeTruthy();
  });

  test('of who may not change nodes has no way there', async () => {
    const failed = transfer({ status: 'FAILED', failed: 1, code: 'NO_TLS' });
    const problem = {
      ...{ studyInstanceUid: '1.2.3', sopInstanceUid: '1.2.3.4', outcome: 'FAILED' as const },
      code: 'NO_TLS' as const,
    };
    const fake = withTransfer(() => failed).on('getTransfer', () =>
      make(TransferDetails, { ...failed, problems: [{ ...problem, status: null, comment: null }] }),
    );
    const { user } = await open(fake);
    await user.click(await screen.findByRole('button', { name: 'Détails du transfert vers Graveur' }));
    const dialog = await screen.findByRole('dialog');
    expect(await within(dialog).findByText(/Un administrateur essaie ce nœud/)).toBeTruthy();
    expect(within(dialog).queryByRole('link')).toBeNull();
  });
});

test('who follows what was sent is brought to the transfers, below the form', async () => {
  await openPage(
    withTransfer(() => transfer()),
    '/app/archives#transfers-title',
    { role: 'PHYSICIAN' },
  );
  const title = await screen.findByRole('heading', { name: 'Transferts' });
  await waitFor(() => expect(document.activeElement).toBe(title));
});
