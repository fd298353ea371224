import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { ArrowLeft, ScanText } from 'lucide-react';
import { useState } from 'react';
import { call } from '../../../api/client.ts';
import { errorText } from '../../../api/error.ts';
import { deidExportsChanged } from '../../../entities/deid/queries.ts';
import { useLocale, useText } from '../../../i18n/index.ts';
import { Empty, LoadError, Skeleton } from '../../../ui/bits.tsx';
import { Button, buttonClass } from '../../../ui/button.tsx';
import { PageHead, Scroll, WIDEST } from '../../../ui/page.tsx';
import { showToast } from '../../../ui/toast.tsx';
import { HeldFiles } from './held-files.tsx';
import { HeldSeries } from './held-series.tsx';
import { heldSeriesQuery } from './queries.ts';

/** Has the export made anew with what was decided, and goes back to where it is followed. */
function GoOn({ id }: { id: string }) {
  const t = useText('deid');
  const locale = useLocale();
  const navigate = useNavigate();
  const [isPending, setPending] = useState(false);
  const goOn = async (): Promise<void> => {
    setPending(true);
    try {
      await call('resumeDeidExport', { params: { id } });
      deidExportsChanged();
      await navigate({ to: '/app/deidentification' });
    } catch (error) {
      showToast(errorText(error, locale), { tone: 'danger' });
      setPending(false);
    }
  };
  return (
    <Button kind="primary" isPending={isPending} onPress={() => void goOn()}>
      {t('goOn')}
    </Button>
  );
}

/** Files of an export that may show text: a person looks at each, and says what becomes of it. */
export function HeldPage() {
  const t = useText('deid');
  const common = useText('common');
  const locale = useLocale();
  const { id } = useParams({ from: '/app/deidentification/$id' });
  const { data, error, refetch } = useQuery(heldSeriesQuery(id));
  const [chosen, setChosen] = useState<string>();
  const series = data?.items.find((one) => one.id === chosen) ?? data?.items[0];
  const isDecided = data?.items.some(({ files, waiting }) => files > waiting) === true;
  return (
    <>
      <PageHead width={WIDEST} title={t('heldTitle')}>
        <Link to="/app/deidentification" className={buttonClass('quiet')}>
          <ArrowLeft size={16} /> {common('back')}
        </Link>
        {isDecided && <GoOn id={id} />}
      </PageHead>
      <Scroll width={WIDEST}>
        <p className="mb-4 text-dim">{t('heldLead')}</p>
        {error !== null && <LoadError message={errorText(error, locale)} onRetry={() => void refetch()} />}
        {data === undefined && error === null && <Skeleton width="100%" height={90} />}
        {data?.items.length === 0 && (
          <Empty icon={<ScanText size={30} />} title={t('noHeld')}>
            {t('noHeldText')}
          </Empty>
        )}
        {data !== undefined && series !== undefined && (
          <div className="flex flex-col gap-4">
            <HeldSeries items={data.items} chosen={series.id} onChoose={setChosen} />
            <HeldFiles key={series.id} {...{ id, series }} />
          </div>
        )}
      </Scroll>
    </>
  );
}
