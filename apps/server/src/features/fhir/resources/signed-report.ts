import type { SignedOf } from '../ports.ts';
import { IMAGING_REPORT } from './diagnostic-report.ts';
import { RADIOLOGY } from './service-request.ts';
import { wordsIn } from './texts.ts';
import { named, type Resource, referTo, resource } from './values.ts';

/** A report that somebody has signed, in its own language: the version that counts. */
export function signedReportResource(report: SignedOf): Resource {
  const { id, content, study } = report;
  const words = wordsIn(content.language);
  return resource({
    resourceType: 'DiagnosticReport',
    id,
    language: content.language,
    status: content.number === 1 ? 'final' : 'amended',
    category: [{ coding: [RADIOLOGY], text: words.radiology }],
    code: { coding: [IMAGING_REPORT], text: words.imagingReport },
    subject: referTo('Patient', study.patientId),
    effectiveDateTime: content.study.date,
    issued: content.signedAt,
    resultsInterpreter: [named(content.signedBy.name)],
    imagingStudy: [referTo('ImagingStudy', study.id)],
    conclusion: content.sections.impression,
    presentedForm: [
      {
        contentType: 'text/plain; charset=utf-8',
        language: content.language,
        data: Buffer.from(report.text).toString('base64'),
        title: words.imagingReport,
        creation: content.signedAt,
      },
    ],
  });
}
