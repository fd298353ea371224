import type { Study, UsableNode } from '@negatoscope/contract';
import { useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { Send } from 'lucide-react';
import { useState } from 'react';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { Notice, Skeleton } from '../../ui/bits.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { SelectField } from '../../ui/field.tsx';
import { showToast } from '../../ui/toast.tsx';
import { usableNodesQuery } from '../node/queries.ts';
import { TRANSFERS_PLACE } from '../node/transfers-place.ts';

interface Props {
  readonly studies: readonly Study[];
  readonly onClose: () => void;
  /** They are on their way. */
  readonly onSent?: () => void;
}

/** Has one job send the studies to a node, and says so. */
function useSending({ studies, onClose, onSent }: Props) {
  const t = useText('archives');
  const router = useRouter();
  const [failure, setFailure] = useState<unknown>();
  const [isPending, setPending] = useState(false);
  const send = async (node: UsableNode): Promise<void> => {
    setPending(true);
    setFailure(undefined);
    try {
      const named = studies.map(({ studyInstanceUid, groupId }) => ({ studyInstanceUid, groupId: groupId ?? 'none' }));
      await call('sendStudies', { params: { id: node.id }, body: { studies: named } });
      const follow = (): void => void router.navigate({ to: '/app/archives', hash: TRANSFERS_PLACE });
      showToast(t('sending', { count: studies.length, node: node.name }), { action: { label: t('follow'), run: follow } });
      onClose();
      onSent?.();
    } catch (problem) {
      setFailure(problem);
      setPending(false);
    }
  };
  return { failure, isPending, send };
}

/** Chooses a DICOM node and sends studies there: a job does it, and the page of archives shows how far it is. */
export function SendStudies({ studies, onClose, onSent }: Props) {
  const t = useText('archives');
  const common = useText('common');
  const locale = useLocale();
  const { data, error } = useQuery(usableNodesQuery);
  const nodes = data?.items.filter(({ takesStudies }) => takesStudies) ?? [];
  const [chosen, setChosen] = useState<string>();
  const { failure, isPending, send } = useSending({ studies, onClose, ...(onSent === undefined ? {} : { onSent }) });
  const node = nodes.find(({ id }) => id === chosen) ?? nodes[0];
  const problem = failure ?? error;
  return (
    <Dialog title={t('sendTitle')} isOpen onClose={onClose}>
      {problem !== null && problem !== undefined && <Notice tone="danger">{errorText(problem, locale)}</Notice>}
      {data === undefined && error === null && <Skeleton width="100%" height={40} />}
      {data !== undefined && nodes.length === 0 && <Notice>{t('sendNone')}</Notice>}
      {nodes.length > 0 && (
        <>
          <p className="text-dim">{t('sendLead')}</p>
          <SelectField
            label={t('node')}
            choices={nodes.map(({ id, name }) => ({ value: id, label: name }))}
            value={node?.id ?? ''}
            onChange={(event) => setChosen(event.target.value)}
          />
        </>
      )}
      <div className="flex justify-end gap-2">
        <Button onPress={onClose}>{common('cancel')}</Button>
        {node !== undefined && (
          <Button kind="primary" icon={<Send size={15} />} isPending={isPending} onPress={() => void send(node)}>
            {t('send')}
          </Button>
        )}
      </div>
    </Dialog>
  );
}
