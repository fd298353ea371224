import type { Patient } from '@negatoscope/contract';
import { useQuery } from '@tanstack/react-query';
import { ArrowRightLeft } from 'lucide-react';
import { useState } from 'react';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import { groupsQuery } from '../../entities/group/queries.ts';
import { patientChanged } from '../../entities/patient/queries.ts';
import { formatName } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { Notice, Skeleton } from '../../ui/bits.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { SelectField } from '../../ui/field.tsx';
import { showToast } from '../../ui/toast.tsx';
import { useSubmit } from '../../ui/use-submit.ts';
import { Follows } from './move-follows.tsx';

/** Takes a patient into another group, or out of all, once one has seen what follows. */
export function MoveToGroup({ patient }: { patient: Patient }) {
  const t = useText('access');
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <IconButton label={t('moveGroup')} onPress={() => setOpen(true)}>
        <ArrowRightLeft size={17} />
      </IconButton>
      <Dialog title={t('moveGroupOf', { name: formatName(patient) })} isOpen={isOpen} onClose={() => setOpen(false)}>
        <MoveForm patient={patient} onClose={() => setOpen(false)} />
      </Dialog>
    </>
  );
}

const NONE = 'none';
const groupOf = (value: string): string | null => (value === NONE ? null : value);

/** Moves, and offers the way back. */
function useMove(patient: Patient): (groupId: string | null) => Promise<void> {
  const t = useText('access');
  const common = useText('common');
  const locale = useLocale();
  const send = async (groupId: string | null, updatedAt: string): Promise<Patient> => {
    const moved = await call('updatePatient', { params: { id: patient.id }, body: { updatedAt, groupId } });
    patientChanged(moved);
    return moved;
  };
  return async (groupId) => {
    const moved = await send(groupId, patient.updatedAt);
    const undo = (): void =>
      void send(patient.groupId, moved.updatedAt).catch((error: unknown) =>
        showToast(errorText(error, locale), { tone: 'danger' }),
      );
    showToast(t('moved', { name: formatName(patient) }), { action: { label: common('undo'), run: undo } });
  };
}

/** What would follow of a move into the group that is chosen. */
const usePreview = ({ id }: Patient, chosen: string, isMove: boolean) =>
  useQuery({
    queryKey: ['patients', 'move', id, chosen],
    queryFn: ({ signal }) => call('previewPatientMove', { params: { id }, query: { groupId: chosen }, signal }),
    enabled: isMove,
  });

function MoveForm({ patient, onClose }: { patient: Patient; onClose: () => void }) {
  const t = useText('access');
  const admin = useText('admin');
  const locale = useLocale();
  const move = useMove(patient);
  const here = patient.groupId ?? NONE;
  const [chosen, setChosen] = useState(here);
  const groups = useQuery(groupsQuery).data?.items ?? [];
  const preview = usePreview(patient, chosen, chosen !== here);
  const { failure, isPending, submit } = useSubmit(async () => {
    await move(groupOf(chosen));
    onClose();
  });
  const problem = failure ?? preview.error;
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <SelectField
        label={t('moveTo')}
        value={chosen}
        onChange={(event) => setChosen(event.target.value)}
        choices={[{ value: NONE, label: admin('noGroup') }, ...groups.map(({ id, name }) => ({ value: id, label: name }))]}
      />
      {chosen === here && <p className="text-dim">{t('moveSame')}</p>}
      {chosen !== here && preview.data === undefined && preview.error === null && <Skeleton width="100%" height={96} />}
      {chosen !== here && preview.data !== undefined && <Follows move={preview.data} />}
      {problem !== undefined && problem !== null && <Notice tone="danger">{errorText(problem, locale)}</Notice>}
      <div className="flex justify-end">
        <Button
          type="submit"
          kind="primary"
          isPending={isPending}
          isDisabled={preview.data?.isRefused !== false || chosen === here}
        >
          {t('moveNow')}
        </Button>
      </div>
    </form>
  );
}
