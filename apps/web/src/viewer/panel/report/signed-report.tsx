import type { SignedReport } from '@negatoscope/contract';
import { REPORT_SECTIONS } from '@negatoscope/contract/report-sections';
import { addressOf } from '../../../api/address.ts';
import { formatInstant } from '../../../i18n/format.ts';
import { useLocale, useText } from '../../../i18n/index.ts';
import type { StudyRef } from '../../model/dicomweb.ts';
import { Fold } from '../prediction/said.tsx';

/** The sections that say something. */
export function SignedText({ report: { content } }: { readonly report: SignedReport }) {
  const t = useText('viewer');
  return (
    <dl lang={content.language} className="flex flex-col gap-1.5 text-sm">
      {REPORT_SECTIONS.filter((name) => content.sections[name].trim() !== '').map((name) => (
        <div key={name}>
          <dt className="text-(--ng-text-dim) text-xs">{t(`report.${name}`)}</dt>
          <dd className="whitespace-pre-wrap break-words">{content.sections[name]}</dd>
        </div>
      ))}
    </dl>
  );
}

/** A signed version: what it says, by whom and when. */
export function Signed({ study, report }: { readonly study: StudyRef; readonly report: SignedReport }) {
  const t = useText('viewer');
  const locale = useLocale();
  const { number, amends, signedBy, signedAt } = report.content;
  return (
    <div className="flex flex-col gap-1.5">
      <SignedText report={report} />
      <p className="text-(--ng-text-dim) text-xs">
        {t('report.signed', { name: signedBy.name, at: formatInstant(signedAt, locale) })}
        {' · '}
        {amends === null ? t('report.version', { number }) : t('report.amended', { number, before: amends.number })}
      </p>
      {!report.isOfOtherPatient && (
        <a
          className="ng-viewer-target self-start rounded text-(--ng-accent) text-xs underline outline-none focus-visible:ring-2 focus-visible:ring-(--ng-accent)"
          href={addressOf(
            '/api/studies/{studyInstanceUid}/report/versions/{number}/pdf',
            { studyInstanceUid: study.studyInstanceUid, number: String(number) },
            { groupId: study.groupId },
          )}
          target="_blank"
          rel="noreferrer"
        >
          PDF
        </a>
      )}
      {report.isOfOtherPatient && (
        <p role="alert" className="text-(--ng-amber) text-xs">
          {t('report.signedForOther')}
        </p>
      )}
    </div>
  );
}

/** What was signed: the latest, which counts, and those before it. */
export function SignedVersions({ study, versions }: { readonly study: StudyRef; readonly versions: readonly SignedReport[] }) {
  const t = useText('viewer');
  const [latest, ...former] = versions;
  if (latest === undefined) return null;
  return (
    <div className="flex w-full flex-col gap-2" data-testid="signed-report">
      <Signed study={study} report={latest} />
      {former.length > 0 && (
        <Fold title={t('report.former', { count: former.length })}>
          {() => (
            <div className="flex flex-col gap-3">
              {former.map((one) => (
                <Signed key={one.content.number} study={study} report={one} />
              ))}
            </div>
          )}
        </Fold>
      )}
    </div>
  );
}
