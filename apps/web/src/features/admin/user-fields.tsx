import type { Group, User } from '@negatoscope/contract';
import { DEFAULT_LEVEL, LEVELS, ROLES } from '@negatoscope/contract/permissions';
import type { UseFormReturn } from 'react-hook-form';
import { useText } from '../../i18n/index.ts';
import { SelectField, TextField } from '../../ui/field.tsx';

/** What the form of a user holds. */
export interface UserFields {
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly role: User['role'];
  readonly level: User['level'];
  /** The main group; empty for none. */
  readonly groupId: string;
  /** Groups beside it. */
  readonly furtherGroups: readonly string[];
  readonly locale: User['locale'];
}

interface Part {
  readonly form: UseFormReturn<UserFields>;
}

export function PersonFields({ form }: Part) {
  const t = useText('admin');
  const required = useText('common')('required');
  const { errors } = form.formState;
  return (
    <>
      <TextField
        label={t('firstName')}
        maxLength={100}
        autoComplete="off"
        error={errors.firstName?.message}
        {...form.register('firstName', { required })}
      />
      <TextField
        label={t('lastName')}
        maxLength={100}
        autoComplete="off"
        error={errors.lastName?.message}
        {...form.register('lastName', { required })}
      />
      <TextField
        label={t('email')}
        type="email"
        maxLength={254}
        autoComplete="off"
        error={errors.email?.message}
        {...form.register('email', { required })}
      />
    </>
  );
}

/** What they may do, and in which groups; another role proposes its level. */
export function RightsFields({ form, groups }: Part & { readonly groups: readonly Group[] }) {
  const t = useText('admin');
  const common = useText('common');
  return (
    <>
      <SelectField
        label={t('role')}
        choices={ROLES.map((value) => ({ value, label: common(`role${value}`) }))}
        {...form.register('role', { onChange: () => form.setValue('level', DEFAULT_LEVEL[form.getValues('role')]) })}
      />
      <SelectField
        label={t('level')}
        hint={t('levelHint')}
        choices={LEVELS.map((value) => ({ value, label: common(`level${value}`) }))}
        {...form.register('level')}
      />
      <SelectField
        label={t('group')}
        choices={[{ value: '', label: t('noGroup') }, ...groups.map(({ id, name }) => ({ value: id, label: name }))]}
        {...form.register('groupId')}
      />
      <FurtherGroups form={form} groups={groups} />
    </>
  );
}

/** The groups beside the main one, where there are others to choose. */
function FurtherGroups({ form, groups }: Part & { readonly groups: readonly Group[] }) {
  const t = useText('admin');
  const main = form.watch('groupId');
  const others = groups.filter(({ id }) => id !== main);
  if (main === '' || others.length === 0) return null;
  return (
    <fieldset className="sm:col-span-2">
      <legend className="mb-1.5 text-[13px] font-medium text-dim">{t('furtherGroups')}</legend>
      <div className="flex max-h-44 flex-wrap gap-x-6 gap-y-1 overflow-y-auto">
        {others.map(({ id, name }) => (
          <label key={id} className="flex min-h-8 cursor-pointer items-center gap-2 coarse:min-h-11">
            <input
              type="checkbox"
              value={id}
              className="size-4 accent-accent coarse:size-5"
              {...form.register('furtherGroups')}
            />
            {name}
          </label>
        ))}
      </div>
      <p className="mt-1.5 text-[13px] text-dim">{t('furtherGroupsHint')}</p>
    </fieldset>
  );
}

export function LanguageField({ form }: Part) {
  const t = useText('admin');
  const choices = [
    { value: 'fr', label: 'Français' },
    { value: 'en', label: 'English' },
  ];
  return <SelectField label={t('language')} choices={choices} {...form.register('locale')} />;
}
