import type { DicomNode, Group, UnknownCaller } from '@negatoscope/contract';
import { useState } from 'react';
import { type UseFormReturn, useForm } from 'react-hook-form';
import { ApiError, errorText } from '../../api/error.ts';
import { queryClient } from '../../api/query-client.ts';
import { type Text, useLocale, useText } from '../../i18n/index.ts';
import { Notice } from '../../ui/bits.tsx';
import { Button } from '../../ui/button.tsx';
import { SelectField, TextField } from '../../ui/field.tsx';
import { showToast } from '../../ui/toast.tsx';
import { StaleNotice, useStale } from './node-stale.tsx';
import { type NodeFields, plainPrint, saveNode, valuesOf } from './node-values.ts';

interface FormProps {
  readonly node: DicomNode | undefined;
  /** Who called: what it said of itself is filled in. */
  readonly caller?: UnknownCaller | undefined;
  readonly groups: readonly Group[];
  readonly onClose: () => void;
}

function useNodeForm({ node, caller, onClose }: FormProps) {
  const common = useText('common');
  const t = useText('admin');
  const locale = useLocale();
  const [failure, setFailure] = useState<string>();
  const form = useForm<NodeFields>({ defaultValues: valuesOf(node, caller) });
  const { base, stale, readAgain } = useStale(node, form);
  const submit = form.handleSubmit(async (fields) => {
    setFailure(undefined);
    try {
      await saveNode(base, fields);
      void queryClient.invalidateQueries({ queryKey: ['nodes'] });
      showToast(common('saved'));
      onClose();
    } catch (error) {
      const code = error instanceof ApiError ? error.code : undefined;
      if (code === 'STALE_UPDATE') {
        const isThere = await readAgain().catch(() => undefined);
        if (isThere !== true) setFailure(isThere === false ? t('nodeGone') : errorText(error, locale));
        return;
      }
      // Title and address are taken, not the name.
      setFailure(code === 'NAME_TAKEN' ? t('nodeTaken') : code === 'NOT_FOUND' ? t('nodeGone') : errorText(error, locale));
      markFields(form, error, t);
    }
  });
  return { form, submit, failure, stale };
}

/** Marks the fields that the server refuses, and goes to the first of them: who is known by a title and an address has both. */
function markFields(form: UseFormReturn<NodeFields>, error: unknown, t: Text<'admin'>): void {
  if (!(error instanceof ApiError)) return;
  const messages = {
    name: t('nodeNameBad'),
    aeTitle: t('aeTitleBad'),
    host: t('nodeHostBad'),
    port: t('nodePortBad'),
    groupId: t('nodeGroupBad'),
  };
  const paths = new Set(error.fields.map(({ path }) => path.split('.').at(-1)));
  const known = error.code === 'NAME_TAKEN' ? (['aeTitle', 'host'] as const) : [];
  const gone = error.code === 'UNPROCESSABLE' ? (['groupId'] as const) : [];
  const wrong = (['name', 'aeTitle', 'host', 'port', 'groupId'] as const).filter((field) => paths.has(field));
  [...known, ...gone, ...wrong].forEach((field, at) => {
    const message = error.code === 'NAME_TAKEN' ? t('nodeTaken') : messages[field];
    form.setError(field, { message }, { shouldFocus: at === 0 });
  });
}

interface Part {
  readonly form: UseFormReturn<NodeFields>;
}

function WhoFields({ form }: Part) {
  const t = useText('admin');
  const required = useText('common')('required');
  const { errors } = form.formState;
  return (
    <>
      <TextField
        label={t('nodeName')}
        hint={t('nodeNameHint')}
        autoFocus
        maxLength={100}
        autoComplete="off"
        error={errors.name?.message}
        {...form.register('name', { validate: (value) => value.trim() !== '' || required })}
      />
      <TextField
        label={t('aeTitle')}
        hint={t('aeTitleHint')}
        maxLength={16}
        autoComplete="off"
        spellCheck={false}
        error={errors.aeTitle?.message}
        {...form.register('aeTitle', { validate: (value) => /^[\x20-\x5b\x5d-\x7e]+$/.test(value.trim()) || t('aeTitleBad') })}
      />
    </>
  );
}

function WhereFields({ form }: Part) {
  const t = useText('admin');
  const required = useText('common')('required');
  const { errors } = form.formState;
  const isPort = (value: string): boolean => /^\d{1,5}$/.test(value.trim()) && Number(value) >= 1 && Number(value) <= 65_535;
  return (
    <>
      <TextField
        label={t('nodeHost')}
        hint={t('nodeHostHint')}
        maxLength={253}
        autoComplete="off"
        spellCheck={false}
        error={errors.host?.message}
        {...form.register('host', {
          validate: {
            given: (value) => value.trim() !== '' || required,
            reached: (value, { mayBeAsked, takesStudies }) =>
              !value.includes('/') || !(mayBeAsked || takesStudies) || t('nodeHostIsNetwork'),
          },
        })}
      />
      <TextField
        label={t('nodePort')}
        hint={t('nodePortHint')}
        inputMode="numeric"
        maxLength={5}
        autoComplete="off"
        error={errors.port?.message}
        {...form.register('port', { validate: (value) => isPort(value) || t('nodePortBad') })}
      />
    </>
  );
}

function SendsFields({ form, groups }: Part & { readonly groups: readonly Group[] }) {
  const t = useText('admin');
  const nodes = useText('nodes');
  const { errors } = form.formState;
  return (
    <>
      <SelectField
        label={t('nodeGroup')}
        hint={t('nodeGroupHint')}
        className="sm:col-span-2"
        error={errors.groupId?.message}
        choices={[{ value: '', label: t('noGroup') }, ...groups.map(({ id, name }) => ({ value: id, label: name }))]}
        {...form.register('groupId')}
      />
      <Rights form={form} legend={nodes('rightsOfIt')} rights={['mayStore', 'mayQuery', 'mayRetrieve', 'mayWorklist']} />
      <Rights form={form} legend={nodes('rightsOverIt')} rights={['mayBeAsked', 'takesStudies']} />
    </>
  );
}

interface RightsProps extends Part {
  readonly legend: string;
  readonly rights: readonly ('mayStore' | 'mayQuery' | 'mayRetrieve' | 'mayWorklist' | 'mayBeAsked' | 'takesStudies')[];
}
/** What is open in one of the two directions. */
function Rights({ form, legend, rights }: RightsProps) {
  const t = useText('admin');
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1 text-[13px] font-medium text-dim">{legend}</legend>
      {rights.map((right) => (
        <label key={right} className="flex min-h-9 items-center gap-2 coarse:min-h-11">
          <input type="checkbox" className="size-4 shrink-0 accent-accent" {...form.register(right)} />
          {t(right)}
        </label>
      ))}
    </fieldset>
  );
}

/** How it is spoken with at that address. */
function TlsFields({ form }: Part) {
  const t = useText('admin');
  const { errors } = form.formState;
  const isPrint = (value: string): boolean => value.trim() === '' || /^[0-9a-f]{64}$/.test(plainPrint(value));
  return (
    <>
      <label className="flex min-h-9 items-center gap-2 sm:col-span-2 coarse:min-h-11">
        <input type="checkbox" className="size-4 shrink-0 accent-accent" {...form.register('usesTls')} />
        {t('usesTls')}
      </label>
      {form.watch('usesTls') && (
        <TextField
          label={t('tlsFingerprint')}
          hint={t('tlsFingerprintHint')}
          maxLength={100}
          autoComplete="off"
          spellCheck={false}
          className="sm:col-span-2"
          error={errors.tlsFingerprint?.message}
          {...form.register('tlsFingerprint', { validate: (value) => isPrint(value) || t('tlsFingerprintBad') })}
        />
      )}
    </>
  );
}

/** Makes a node known, or changes what is known of it. */
export function NodeForm(props: FormProps) {
  const { node, groups, onClose } = props;
  const common = useText('common');
  const { form, submit, failure, stale } = useNodeForm(props);
  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="flex flex-col gap-5">
      {failure !== undefined && <Notice tone="danger">{failure}</Notice>}
      {stale !== undefined && <StaleNotice {...stale} form={form} groups={groups} />}
      <div className="grid gap-4 sm:grid-cols-2">
        <WhoFields form={form} />
        <WhereFields form={form} />
        <TlsFields form={form} />
        <SendsFields form={form} groups={groups} />
      </div>
      <div className="ng-form-end flex justify-end gap-2">
        <Button onPress={onClose}>{common('cancel')}</Button>
        <Button kind="primary" type="submit" isPending={form.formState.isSubmitting}>
          {node === undefined ? common('create') : common('save')}
        </Button>
      </div>
    </form>
  );
}
