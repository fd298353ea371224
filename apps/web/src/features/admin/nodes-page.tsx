import type { DicomNode, Group, UnknownCaller } from '@negatoscope/contract';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { Cable, Plus } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import type { Result } from '../../api/operation.ts';
import { groupsQuery } from '../../entities/group/queries.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { Empty, LoadError, Notice, Skeleton } from '../../ui/bits.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { isOwnMachine } from '../../ui/own-machine.ts';
import { PageHead, Scroll } from '../../ui/page.tsx';
import { Callers } from './node-callers.tsx';
import { NodeForm } from './node-form.tsx';
import { NodeHistory } from './node-history.tsx';
import { NodeList } from './node-list.tsx';

const nodesQuery = queryOptions({
  queryKey: ['nodes'],
  queryFn: ({ signal }) => call('listNodes', { signal }),
  // A node that has just sent something is seen here without asking again.
  refetchInterval: 15_000,
});

type Listening = Result<'listNodes'>['listening'];

/** What is to be set on a device, or why none can reach this server. */
function Told({ listening }: { listening: Listening }) {
  const t = useText('admin');
  const nodes = useText('nodes');
  if (listening === null) return <Notice tone="amber">{t('notListening')}</Notice>;
  const { state, trouble, tlsPort } = listening;
  // Without a plain port all are heard by TLS.
  const port = listening.port === 0 ? (tlsPort ?? 0) : listening.port;
  if (state === 'SILENT') return <Notice tone="amber">{nodes('silent')}</Notice>;
  if (state === 'CANNOT_LISTEN')
    return (
      <Notice tone="danger">
        {trouble === 'EADDRINUSE' ? nodes('portTaken', { port }) : nodes('cannotListen', { port, trouble: trouble ?? '…' })}
      </Notice>
    );
  if (isOwnMachine(listening.host))
    return <Notice tone="amber">{t('listeningHere', { aeTitle: listening.aeTitle, host: listening.host, port })}</Notice>;
  // Every address of the machine: which of them a device sees, the browser knows best.
  const host = listening.host === '0.0.0.0' || listening.host === '::' ? location.hostname : listening.host;
  const { aeTitle } = listening;
  const associations = nodes('associations', { count: listening.associations });
  const connections = nodes('connections', { count: listening.connections });
  return (
    <Notice tone={trouble === null ? 'info' : 'amber'}>
      {t('listening', { aeTitle, host, port })} {tlsPort !== null && nodes('tlsPort', { port: tlsPort })}{' '}
      {nodes('now', { associations, connections })} {trouble !== null && nodes('onePort', { trouble })}
    </Notice>
  );
}

function Where({ listening }: { listening: Listening }) {
  return (
    <div className="mb-4">
      <Told listening={listening} />
    </div>
  );
}

/** The DICOM nodes that the server speaks with. */
export function NodesPage() {
  const t = useText('admin');
  const locale = useLocale();
  const [edited, setEdited] = useState<Edited>();
  const [told, setTold] = useState<DicomNode>();
  const { data, error, refetch } = useQuery(nodesQuery);
  const groups = useQuery(groupsQuery).data?.items;
  const create = (
    <Button icon={<Plus size={16} />} onPress={() => setEdited('new')}>
      {t('newNode')}
    </Button>
  );
  return (
    <>
      <PageHead width="max-w-3xl" title={t('nodesTitle')}>
        {create}
      </PageHead>
      <Scroll width="max-w-3xl">
        <p className="mb-4 text-dim">{t('nodesLead')}</p>
        {data === undefined && error === null && <Skeleton width="100%" height={140} />}
        {data === undefined && error !== null && <LoadError message={errorText(error, locale)} onRetry={() => void refetch()} />}
        {data !== undefined && <Where listening={data.listening} />}
        {data?.items.length === 0 && <None create={create} />}
        <NodeList
          nodes={data?.items ?? []}
          ownTitle={data?.listening?.aeTitle ?? ''}
          groups={groups}
          onEdit={setEdited}
          onTell={setTold}
        />
        <Callers onKnow={setEdited} />
      </Scroll>
      <NodeHistory node={told} onClose={() => setTold(undefined)} />
      <NodeDialog edited={edited} groups={groups ?? []} onClose={() => setEdited(undefined)} />
    </>
  );
}

function None({ create }: { create: ReactNode }) {
  const t = useText('admin');
  return (
    <Empty icon={<Cable size={34} />} title={t('noNodes')} action={create}>
      {t('noNodesText')}
    </Empty>
  );
}

/** A node, one that is to be made known, or who called and is to be. */
type Edited = DicomNode | 'new' | UnknownCaller;

interface NodeDialogProps {
  readonly edited: Edited | undefined;
  readonly groups: readonly Group[];
  readonly onClose: () => void;
}

function NodeDialog({ edited, groups, onClose }: NodeDialogProps) {
  const t = useText('admin');
  const node = typeof edited === 'object' && 'id' in edited ? edited : undefined;
  const caller = typeof edited === 'object' && 'address' in edited ? edited : undefined;
  return (
    <Dialog
      title={node === undefined ? t('newNode') : t('editNode', { name: node.name })}
      isOpen={edited !== undefined}
      onClose={onClose}
      wide
    >
      {edited !== undefined && <NodeForm node={node} caller={caller} groups={groups} onClose={onClose} />}
    </Dialog>
  );
}
