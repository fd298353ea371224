import type { desk as fr } from '../fr/viewer-desk.ts';

/** Of the panes and of what hangs in them. */
export const desk: typeof fr = {
  layout: {
    choose: 'Layout of the views',
    size: '{{rows}} × {{columns}}',
    kind: 'What the views show',
    series: 'One series in each view',
    tiles: 'Successive slices of the series',
    full: 'One view in full, and back',
    window: 'On another screen',
  },
  link: {
    link: 'Link scrolling, from the slices shown',
    unlink: 'Unlink scrolling',
    linked: 'Linked scrolling',
    pastEnd: 'End of this series: the other goes on',
  },
  lines: { show: 'Reference lines' },
  hanging: {
    title: 'Hanging protocol: {{modality}} · {{region}}',
    anyRegion: 'any region',
    region_HEAD: 'head',
    region_NECK: 'neck',
    region_CHEST: 'chest',
    region_ABDOMEN: 'abdomen',
    region_SPINE: 'spine',
    region_BREAST: 'breast',
    region_LIMB: 'limb',
    saveOwn: 'Save this layout for me',
    saveSite: 'Save this layout for the site',
    forgetOwn: 'Forget my layout',
    forgetSite: 'Forget the site’s layout',
    saved: 'Such studies will open like this.',
    forgotten: 'Such studies will open as before.',
  },
  prior: {
    title: 'Prior',
    choose: 'Compare with…',
    other: 'Other study',
    beside: 'Study beside: {{date}}. Compare with another…',
    none: 'No study beside',
    noDate: 'No date',
    coming: 'The prior study is on its way',
  },
  patients: {
    several: '{{count}} patients on the screen',
    number: 'Patient {{number}}',
  },
};
