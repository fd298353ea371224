import { ALL_CAPABILITIES, type Capability } from './capabilities.ts';
import { STATEMENTS } from './conformance-statements.ts';

const TRANSACTIONS: readonly Capability['transaction'][] = ['Search', 'Retrieve', 'Retrieve (URI)', 'Store'];

const cell = (text: string): string => text.replaceAll('|', '\\|');

function section(transaction: Capability['transaction']): string {
  const rows = ALL_CAPABILITIES.filter((one) => one.transaction === transaction).map(
    ({ method, path, section: of, answers, accepts, claim, test }) =>
      `| \`${method} ${path}\` | ${of} | ${cell(claim)} | ${[...(accepts ?? []).map((type) => `takes \`${type}\``), ...answers.map((type) => `\`${type}\``)].map(cell).join('<br>')} | \`${test}\` |`,
  );
  const statements = STATEMENTS[transaction].map(([claim, test]) => `- ${claim} (\`test/dicomweb/${test}.http.test.ts\`).`);
  return [
    `## ${transaction}`,
    '',
    '| Request | PS3.18 | What | Media types | Test |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    '',
    ...statements,
    '',
  ].join('\n');
}

/** docs/conformance.md, from the same table as the routes. */
export const conformanceMarkdown = (): string =>
  [
    '# DICOMweb conformance',
    '',
    'Made by `node scripts/conformance.mjs` from `apps/server/src/features/dicomweb/capabilities.ts`, which also makes the routes and what',
    '`OPTIONS /dicom-web/` answers (PS3.18 8.9). Paths are below `/dicom-web` and `/dicom-web/groups/{group}` (`groups/none`: what is in no group); tests are below `apps/server`.',
    'What is said in FHIR R4 stands in [fhir.md](fhir.md), what over associations and with an Orthanc beside the server in [dimse-conformance.md](dimse-conformance.md).',
    '',
    ...TRANSACTIONS.map(section),
  ].join('\n');
