import { useCan } from '../../api/me.ts';
import { useText } from '../../i18n/index.ts';
import { CARDS, Cards, PageHead, Scroll } from '../../ui/page.tsx';
import { Devices } from './devices.tsx';
import { NamesForm } from './names-form.tsx';
import { Passkeys } from './passkeys.tsx';
import { PasswordForm } from './password-form.tsx';
import { ReportTexts } from './report-texts.tsx';
import { SecondFactor } from './second-factor.tsx';
import { Tokens } from './tokens.tsx';

export function ProfilePage() {
  const t = useText('profile');
  const can = useCan();
  return (
    <>
      <PageHead width={CARDS} title={t('title')} />
      <Scroll width={CARDS}>
        <Cards>
          <NamesForm />
          <PasswordForm />
          <Passkeys />
          <SecondFactor />
          <Devices />
          {can('reports.write') && <ReportTexts />}
          <Tokens />
        </Cards>
      </Scroll>
    </>
  );
}
