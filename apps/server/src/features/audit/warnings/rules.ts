/** From when on somebody is warned of; what is undefined is never. */
export interface WarnRules {
  readonly timeZone: string;
  readonly exportsAnHour: number | undefined;
  readonly deniedAnHour: number | undefined;
  readonly hours: { readonly from: string; readonly to: string } | undefined;
  readonly patientsAtNight: number;
  readonly records: 'names' | 'family' | 'off';
}
