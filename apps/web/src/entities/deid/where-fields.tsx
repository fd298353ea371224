import { DEID_FORMS } from '@negatoscope/contract/deid-choices';
import { useText } from '../../i18n/index.ts';
import { Notice } from '../../ui/bits.tsx';
import { SelectField } from '../../ui/field.tsx';
import { keptWords } from './kept-words.ts';
import type { Where } from './use-where.ts';

/** In which form files leave, into which group, and for this once or into a project. */
export function WhereFields({ where }: { where: Where }) {
  const t = useText('deid');
  const w = useText('deidWhere');
  const { form, setForm, groups, group, setGroup, projects, project, setProject } = where;
  const forms = DEID_FORMS.filter((one) => one !== 'GROUP' || groups.length > 0);
  const isGroup = form === 'GROUP';
  const once = isGroup ? [] : [{ value: '', label: t('once') }];
  return (
    <>
      <SelectField
        label={w('form')}
        hint={w(`formText_${form}`)}
        choices={forms.map((value) => ({ value, label: w(`form_${value}`) }))}
        value={form}
        onChange={({ target }) => setForm(DEID_FORMS.find((one) => one === target.value) ?? 'DICOM')}
      />
      {isGroup && (
        <SelectField
          label={w('group')}
          choices={groups.map(({ id, name }) => ({ value: id, label: name }))}
          value={group?.id ?? ''}
          onChange={({ target }) => setGroup(target.value)}
        />
      )}
      {isGroup && projects.length === 0 ? (
        <Notice tone="amber">{w('needsProject')}</Notice>
      ) : (
        <SelectField
          label={t('into')}
          hint={project === undefined ? t('onceHint') : keptWords(project, t)}
          choices={[...once, ...projects.map(({ id, name }) => ({ value: id, label: name }))]}
          value={project?.id ?? ''}
          onChange={({ target }) => setProject(target.value)}
        />
      )}
    </>
  );
}
