/** What a restored copy of a cluster is brought to before anybody may connect. */
export interface Recovery {
  /** Where the segments of its log are, under DATA_DIR/postgres. */
  readonly logFolder: string;
  /** The last transaction that counts, or the moment; all there is without either. */
  readonly transaction?: string;
  readonly time?: Date;
}
