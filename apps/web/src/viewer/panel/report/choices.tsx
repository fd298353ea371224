import type { ReportTemplate } from '@negatoscope/contract';
import { useText } from '../../../i18n/index.ts';
import type { Keeping, ReportKeeper } from './report-keeper.ts';
import { changeTemplate, isTemplate, TEMPLATES, textsOf } from './templates.ts';

const SELECT =
  'ng-viewer-target min-w-0 grow rounded-md border border-(--ng-line) bg-(--ng-surface-2) px-2 py-1 text-sm outline-none focus-visible:ring-2 focus-visible:ring-(--ng-accent)';

interface ChoicesProps {
  readonly keeper: ReportKeeper;
  readonly keeping: Keeping;
  /** Kept ones, of any language. */
  readonly templates: readonly ReportTemplate[];
}

/** What it is begun with, and in which language it is written. */
export const Choices = ({ keeper, keeping, templates }: ChoicesProps) => (
  <div className="flex w-full flex-wrap gap-1.5">
    <TemplateChoice {...{ keeper, keeping, templates }} />
    <LanguageChoice {...{ keeper, keeping }} />
  </div>
);

function TemplateChoice({ keeper, keeping, templates }: ChoicesProps) {
  const t = useText('viewer');
  const { sections, template, language } = keeping;
  const isKnown = isTemplate(template) || templates.some(({ id }) => id === template);
  const choose = (chosen: string): void => {
    const next = textsOf(chosen, language, templates);
    if (next === undefined) return;
    keeper.replace({ template: chosen, sections: changeTemplate(sections, textsOf(template, language, templates), next) });
  };
  return (
    <select
      aria-label={t('report.template')}
      className={SELECT}
      value={isKnown ? (template ?? '') : ''}
      onKeyDown={(event) => event.stopPropagation()}
      onChange={({ target }) => choose(target.value)}
    >
      <option value="" disabled>
        {t('report.template_none')}
      </option>
      <Kept label={t('report.templatesOwn')} items={templates.filter(({ level }) => level === 'OWN')} keeping={keeping} />
      <Kept label={t('report.templatesSite')} items={templates.filter(({ level }) => level === 'SITE')} keeping={keeping} />
      <optgroup label={t('report.templatesOurs')}>
        {TEMPLATES.map((name) => (
          <option key={name} value={name}>
            {t(`report.template_${name}`)}
          </option>
        ))}
      </optgroup>
    </select>
  );
}

function LanguageChoice({ keeper, keeping }: Omit<ChoicesProps, 'templates'>) {
  const t = useText('viewer');
  return (
    <select
      aria-label={t('report.language')}
      className={SELECT}
      value={keeping.language}
      onKeyDown={(event) => event.stopPropagation()}
      onChange={({ target: { value } }) => keeper.replace({ language: value === 'en' ? 'en' : 'fr' })}
    >
      <option value="fr">{t('report.lang_fr')}</option>
      <option value="en">{t('report.lang_en')}</option>
    </select>
  );
}

interface KeptProps {
  readonly label: string;
  readonly items: readonly ReportTemplate[];
  readonly keeping: Keeping;
}
/** Kept ones of the language that is written, and the one that this report was begun with. */
function Kept({ label, items, keeping }: KeptProps) {
  const shown = items.filter(({ id, language }) => language === keeping.language || id === keeping.template);
  if (shown.length === 0) return null;
  return (
    <optgroup label={label}>
      {shown.map(({ id, name, modality, region }) => {
        const about = [modality, region].filter((part) => part !== null).join(', ');
        return (
          <option key={id} value={id}>
            {about === '' ? name : `${name} (${about})`}
          </option>
        );
      })}
    </optgroup>
  );
}
