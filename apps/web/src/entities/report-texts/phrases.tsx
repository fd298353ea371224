import type { ReportPhrase } from '@negatoscope/contract';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { call } from '../../api/client.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextLine, TextSection } from './lines.tsx';
import { type EditedPhrase, PhraseForm } from './phrase-form.tsx';
import { useDropping } from './use-dropping.ts';
import { isOf, type Whose } from './whose.ts';

interface PhrasesProps {
  readonly title: string;
  readonly whose: Whose;
  readonly items: readonly ReportPhrase[];
}

/** Abbreviations of one person or site, to be made, changed and taken away. */
export function Phrases({ title, whose, items }: PhrasesProps) {
  const t = useText('reports');
  const locale = useLocale();
  const [edited, setEdited] = useState<EditedPhrase>();
  const { drop } = useDropping();
  const shown = items.filter((one) => isOf(whose, one));
  const remove = ({ id, language, short, text }: ReportPhrase): void =>
    void drop('deleteReportPhrase', id, () =>
      call('saveReportPhrase', { body: { ...whose, replaces: null, language, short, text } }),
    );
  return (
    <TextSection
      title={title}
      lead={t('phrasesLead')}
      actions={
        <Button
          size="small"
          icon={<Plus size={15} />}
          onPress={() => setEdited({ id: null, language: locale, short: '', text: '' })}
        >
          {t('newPhrase')}
        </Button>
      }
      none={t('noPhrases')}
      lines={shown.map((one) => (
        <TextLine
          key={one.id}
          title={<span className="font-mono">.{one.short}</span>}
          about={`${t(`lang_${one.language}`)} · ${one.text}`}
          change={t('changePhrase', { short: one.short })}
          remove={t('deletePhrase', { short: one.short })}
          onChange={() => setEdited(one)}
          onRemove={() => remove(one)}
        />
      ))}
    >
      <PhraseDialog {...{ whose, edited }} onClose={() => setEdited(undefined)} />
    </TextSection>
  );
}

interface DialogProps {
  readonly whose: Whose;
  readonly edited: EditedPhrase | undefined;
  readonly onClose: () => void;
}
function PhraseDialog({ whose, edited, onClose }: DialogProps) {
  const t = useText('reports');
  const title = edited === undefined || edited.id === null ? t('newPhrase') : t('changePhrase', { short: edited.short });
  return (
    <Dialog title={title} isOpen={edited !== undefined} onClose={onClose}>
      {edited !== undefined && <PhraseForm {...{ whose, edited, onClose }} />}
    </Dialog>
  );
}
