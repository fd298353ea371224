import type { getStudy, ResultOf } from '@negatoscope/contract';
import { useQuery } from '@tanstack/react-query';
import { useParams, useRouter, useSearch } from '@tanstack/react-router';
import { Component, type ComponentProps, memo, type ReactNode, useCallback, useLayoutEffect, useMemo } from 'react';
import { OnlyReads } from '../../api/me.ts';
import { leavePlain } from '../../api/plain-picture.ts';
import { MismatchBar } from '../../entities/study/mismatch-mark.tsx';
import { studyQuery } from '../../entities/study/queries.ts';
import { useText } from '../../i18n/index.ts';
import { Empty } from '../../ui/bits.tsx';
import { Button, Spinner } from '../../ui/button.tsx';
import { UncertainBar } from './uncertain-bar.tsx';
import { useReadingPorts } from './use-reading-ports.ts';
import { useViewer, type Viewer } from './viewer-door.ts';

// Drawn again only where what it is given has changed: what the server says of the study comes while the first image is on its way.
const Room = memo(function Room(props: ComponentProps<Viewer>) {
  const Viewer = useViewer();
  return Viewer === undefined ? <Opening /> : <Viewer {...props} />;
});

export { loadViewer } from './viewer-door.ts';

/** A viewer that fails costs only itself: the shell stays. */
class ViewerBoundary extends Component<{ children: ReactNode; fallback: ReactNode }, { failed: boolean }> {
  override state = { failed: false };
  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }
  override render(): ReactNode {
    return this.state.failed ? this.props.fallback : this.props.children;
  }
}

/** Where a study is shown without anything beside it. */
const addressAlone = ({
  studyInstanceUid,
  groupId,
}: {
  readonly studyInstanceUid: string;
  readonly groupId?: string | undefined;
}): string =>
  `/app/studies/${encodeURIComponent(studyInstanceUid)}?${new URLSearchParams({ ...(groupId !== undefined && { groupId }), alone: 'true' })}`;

const NONE: readonly string[] = [];

/** Series without a name under a patient who has one; a record that is a number itself is like them. */
function namelessOf(study: ResultOf<typeof getStudy> | undefined): readonly string[] {
  if (study?.identityMismatch == null) return NONE;
  return study.series.flatMap((one) => (one.nameless ? [one.seriesInstanceUid] : []));
}

export function StudyPage() {
  const { studyInstanceUid } = useParams({ from: '/app/studies/$studyInstanceUid' });
  const { groupId, series, compare, compareGroup, alone, panel } = useSearch({ from: '/app/studies/$studyInstanceUid' });
  const { data } = useQuery({ ...studyQuery(studyInstanceUid, groupId), retry: false });
  const nameless = useMemo(() => namelessOf(data), [data]);
  const router = useRouter();
  const ports = useReadingPorts(studyInstanceUid, groupId, data, panel === true);
  const back = useCallback((): void => {
    if (router.history.canGoBack()) router.history.back();
    else void router.navigate({ to: '/app/worklist', search: {} });
  }, [router]);
  const beside = useMemo(
    () => (compare === undefined ? undefined : { studyInstanceUid: compare, groupId: compareGroup }),
    [compare, compareGroup],
  );
  return (
    <OnlyReads value={data?.onlyReads === true}>
      <div className="flex min-h-0 flex-1 flex-col">
        <div data-above-images className="shrink-0">
          {data !== undefined && <MismatchBar study={data} />}
          {data !== undefined && <UncertainBar study={data} />}
        </div>
        <div className="min-h-0 flex-1">
          <ViewerBoundary fallback={<ViewerMissing onBack={back} />}>
            <Room
              studyInstanceUid={studyInstanceUid}
              onBack={back}
              ports={ports}
              namelessUids={nameless}
              {...(groupId === undefined ? {} : { groupId })}
              {...(series === undefined ? {} : { initialSeriesUid: series })}
              compare={alone === true ? null : beside}
              addressOf={addressAlone}
            />
          </ViewerBoundary>
        </div>
      </div>
    </OnlyReads>
  );
}

function Opening() {
  const t = useText('worklist');
  return (
    <div role="status" className="flex h-full items-center justify-center gap-3 text-dim">
      <Spinner size={20} /> {t('opening')}
    </div>
  );
}

function ViewerMissing({ onBack }: { onBack: () => void }) {
  const t = useText('worklist');
  const common = useText('common');
  useLayoutEffect(leavePlain, []);
  return (
    <Empty
      title={t('viewerMissing')}
      action={
        <>
          <Button onPress={onBack}>{common('back')}</Button>
          <Button kind="primary" onPress={() => window.location.reload()}>
            {common('reload')}
          </Button>
        </>
      }
    >
      {t('viewerMissingText')}
    </Empty>
  );
}
