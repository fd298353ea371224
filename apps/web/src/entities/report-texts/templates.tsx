import type { ReportTemplate } from '@negatoscope/contract';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { call } from '../../api/client.ts';
import type { Result } from '../../api/operation.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { Notice } from '../../ui/bits.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextLine, TextSection } from './lines.tsx';
import { MrrtButton } from './mrrt-button.tsx';
import { type EditedTemplate, TemplateForm } from './template-form.tsx';
import { useDropping } from './use-dropping.ts';
import { isOf, type Whose } from './whose.ts';

interface Edited extends EditedTemplate {
  /** What a file had that is not text; undefined for what comes of none. */
  readonly leftOut?: Result<'readReportTemplate'>['leftOut'];
}
const NO_TEXT = { history: '', technique: '', comparison: '', findings: '', impression: '' };
const editedOf = ({ id, name, language, modality, region, sections }: ReportTemplate): Edited => ({
  ...{ id, name, language, sections },
  ...{ modality: modality ?? '', region: region ?? '' },
});

interface TemplatesProps {
  readonly title: string;
  readonly whose: Whose;
  readonly items: readonly ReportTemplate[];
}
/** Templates of one person or site, to be made, read of files, changed and taken away. */
export function Templates({ title, whose, items }: TemplatesProps) {
  const t = useText('reports');
  const [edited, setEdited] = useState<Edited>();
  const { drop } = useDropping();
  const shown = items.filter((one) => isOf(whose, one));
  const remove = ({ id, name, language, modality, region, sections }: ReportTemplate): void =>
    void drop('deleteReportTemplate', id, () =>
      call('saveReportTemplate', { body: { ...whose, replaces: null, name, language, modality, region, sections } }),
    );
  return (
    <TextSection
      title={title}
      lead={t('templatesLead')}
      actions={<Begin onBegin={setEdited} />}
      none={t('noTemplates')}
      lines={shown.map((one) => (
        <TextLine
          key={one.id}
          title={one.name}
          about={[t(`lang_${one.language}`), one.modality, one.region].filter((part) => part !== null).join(' · ')}
          change={t('changeTemplate', { name: one.name })}
          remove={t('deleteTemplate', { name: one.name })}
          onChange={() => setEdited(editedOf(one))}
          onRemove={() => remove(one)}
        />
      ))}
    >
      <TemplateDialog {...{ whose, edited }} onClose={() => setEdited(undefined)} />
    </TextSection>
  );
}

/** A new one, empty or of a file. */
function Begin({ onBegin }: { onBegin: (edited: Edited) => void }) {
  const t = useText('reports');
  const locale = useLocale();
  const empty = { id: null, name: '', language: locale, modality: '', region: '', sections: NO_TEXT };
  return (
    <>
      <MrrtButton
        onRead={({ name, language, ...read }, fileName) =>
          onBegin({ ...empty, ...read, name: name === '' ? fileName.slice(0, 80) : name, language: language ?? locale })
        }
      />
      <Button size="small" icon={<Plus size={15} />} onPress={() => onBegin(empty)}>
        {t('newTemplate')}
      </Button>
    </>
  );
}

interface DialogProps {
  readonly whose: Whose;
  readonly edited: Edited | undefined;
  readonly onClose: () => void;
}
function TemplateDialog({ whose, edited, onClose }: DialogProps) {
  const t = useText('reports');
  const title = edited === undefined || edited.id === null ? t('newTemplate') : t('changeTemplate', { name: edited.name });
  const left = edited?.leftOut?.map((what) => t(`left_${what}`)).join(', ');
  return (
    <Dialog title={title} isOpen={edited !== undefined} onClose={onClose} wide>
      {left !== undefined && (
        <Notice tone={left === '' ? 'info' : 'amber'}>
          {t('mrrtRead')} {left !== '' && t('leftOut', { what: left })}
        </Notice>
      )}
      {edited !== undefined && <TemplateForm {...{ whose, edited, onClose }} />}
    </Dialog>
  );
}
