/** A series that can't be read costs only itself. */
export interface UnreadSeries {
  readonly seriesInstanceUid: string;
  readonly title: string | undefined;
}
