import type { DeidExport } from '@negatoscope/contract';
import { Link } from '@tanstack/react-router';
import { Download, ScanText, Square } from 'lucide-react';
import { useState } from 'react';
import { addressOf } from '../../api/address.ts';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import { useCan } from '../../api/me.ts';
import { deidExportsChanged } from '../../entities/deid/queries.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { Button, buttonClass } from '../../ui/button.tsx';
import { saveFrom } from '../../ui/save-file.ts';
import { showToast } from '../../ui/toast.tsx';
import { isKept, isOpen } from './export-state.ts';

/** Does something with an export, says what failed, and has the list looked at again. */
function useAct(work: () => Promise<void>) {
  const locale = useLocale();
  const [isPending, setPending] = useState(false);
  const act = async (): Promise<void> => {
    setPending(true);
    try {
      await work();
    } catch (failure) {
      showToast(errorText(failure, locale), { tone: 'danger' });
    }
    setPending(false);
    deidExportsChanged();
  };
  return { act, isPending };
}

function useDownload({ id }: DeidExport) {
  const t = useText('deid');
  return useAct(async () => {
    // The browser fetches it by itself and says little of what fails: whether it is still there is asked before.
    const now = await call('getDeidExport', { params: { id } });
    if (isKept(now)) saveFrom(addressOf('/api/deid/exports/{id}/file', { id }), '');
    else showToast(t('keptNoMore'), { tone: 'danger' });
  });
}

interface ActionProps {
  readonly of: DeidExport;
  readonly what: string;
}
interface Props extends ActionProps {
  readonly onTell: () => void;
}

/** Cancels what is being made, downloads what was, tells of files that did not leave. */
export function ExportActions({ of, what, onTell }: Props) {
  const t = useText('deid');
  const maySee = useCan()('patients.identity');
  const hasHeld = of.status === 'DONE' && of.waiting + of.decided > 0;
  return (
    <div className="flex flex-wrap items-center justify-end gap-2">
      {maySee && hasHeld && <Look {...{ of, what }} />}
      {!isOpen(of) && of.refused > 0 && (
        <Button size="small" kind="quiet" onPress={onTell} aria-label={t('refusedLong', { what })}>
          {t('refusedFiles')}
        </Button>
      )}
      {isOpen(of) && <Cancel {...{ of, what }} />}
      {isKept(of) && of.done > 0 && <Save {...{ of, what }} />}
    </div>
  );
}

/** To what a person looks at before it leaves. */
function Look({ of, what }: ActionProps) {
  const t = useText('deid');
  return (
    <Link
      to="/app/deidentification/$id"
      params={{ id: of.id }}
      className={buttonClass('plain', 'small')}
      aria-label={t('lookLong', { what })}
    >
      <ScanText size={14} /> {of.waiting > 0 ? t('waiting', { count: of.waiting }) : t('look')}
    </Link>
  );
}

function Cancel({ of, what }: ActionProps) {
  const t = useText('deid');
  const { act, isPending } = useAct(async () => void (await call('cancelDeidExport', { params: { id: of.id } })));
  return (
    <Button
      size="small"
      icon={<Square size={13} />}
      isPending={isPending}
      onPress={() => void act()}
      aria-label={t('cancelLong', { what })}
    >
      {t('cancel')}
    </Button>
  );
}

function Save({ of, what }: ActionProps) {
  const t = useText('deid');
  const { act, isPending } = useDownload(of);
  return (
    <Button
      size="small"
      icon={<Download size={14} />}
      isPending={isPending}
      onPress={() => void act()}
      aria-label={t('downloadLong', { what })}
    >
      {t('download')}
    </Button>
  );
}
