import type { SettingDescription } from './described.ts';
import { settingSections } from './descriptions.ts';
import { type SettingName, secretNames, settingNames } from './read.ts';

const isSetting = (name: string): name is SettingName => settingNames.some((known) => known === name);

const sections = settingSections.map(({ title, settings }) => ({
  title,
  settings: Object.entries(settings).flatMap(([name, described]: [string, SettingDescription]) =>
    isSetting(name) ? [{ name, ...described }] : [],
  ),
}));

/** Each setting that is described, once. */
export const describedSettings = sections.flatMap(({ settings }) => settings);

/** The table of docs/operations.md. */
export const settingsTable = (): string =>
  [
    '| setting | default | meaning |',
    '|---|---|---|',
    ...describedSettings.map(({ name, default: byDefault, means }) => `| \`${name}\` | ${byDefault} | ${means} |`),
    '',
  ].join('\n');

/** deploy/.env.example: every setting, none set. Read by compose and systemd alike, which take a line as it stands: no quotes, no comment behind a value. */
export const envExample = (): string =>
  [
    '# The settings of Negatoscope, none of them set: copy this file to .env and take the # from what you need.',
    '# A line is taken as it stands: no quotes, nothing behind the value. Who may read it, may read its secrets: chmod 600 .env',
    '',
    ...sections.flatMap(({ title, settings }) => [
      `## ${title}`,
      '',
      ...settings.flatMap(({ name, default: byDefault, means, example }) => [
        `# ${means.replaceAll('`', '')}`,
        `# ${secretNames.has(name) ? 'A secret. ' : ''}Not set: ${byDefault}.`,
        `#${name}=${example}`,
        '',
      ]),
    ]),
    '## For deploy/compose.yaml alone',
    '',
    '# The password of the database beside the server, letters and digits. A secret, and needed.',
    '#POSTGRES_PASSWORD=letters-and-digits',
    '',
  ].join('\n');
