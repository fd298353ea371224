import { Failure } from '../../../kernel/failure.ts';

const MB = 1024 * 1024;
/** Metadata of one request. */
const MAX_METADATA_BYTES = 16 * MB;
/** Bulk data of one request, which wait in a temporary file; whole files, which are streamed, are the way to send more. */
const MAX_BULK_BYTES = 4096 * MB;
/** Datasets of one request, and documents: a series of every day has some hundred. */
const MAX_DATASETS = 10_000;
/** Elements and items at any depth. No more fit into 16 MB when each element says its VR; 10,000 frames of 60 elements are some 650,000. */
const MAX_ELEMENTS = 750_000;
/** Elements of one dataset or item beyond which it is wide, and those of all wide ones together: the limits that files have. */
const WIDE = 250;
const MAX_WIDE = 200_000;
/** Contours of an RT Structure Set of 16 MB have some two million numbers. */
const MAX_VALUES = 2_500_000;
/** Parts of bulk data, references to them, counted once for each part, and bytes of their addresses: three for each dataset. */
const MAX_BULK = 30_000;
const MAX_ADDRESS_BYTES = 4 * MB;
/** Datasets in one another. */
export const MAX_DEPTH = 64;
/** Empty values that numbers of XML only announce: what is written out is counted by its bytes, what is not costs its sender nothing. */
const MAX_GAPS = 100_000;
/** What is taken apart on the event loop; more is work for the thread that can be ended. */
const QUICK = { bytes: 64 * 1024, datasets: 20, bulk: 200 };

export const tooLarge = (): Failure =>
  new Failure('TOO_LARGE', {
    detail:
      'Metadata are limited to 16 MB, 10,000 datasets, 750,000 elements and items (200,000 elements beyond the 250th of one dataset) and 30,000 bulk values a request, bulk data to 4 GB: send whole files instead.',
  });

/** What the metadata of one request have, counted while they arrive: nothing is made of what has too much. Every count fails with TOO_LARGE. */
export class MetadataCount {
  #bytes = 0;
  #bulkBytes = 0;
  #documents = 0;
  #datasets = 0;
  #elements = 0;
  #wide = 0;
  #values = 0;
  #gaps = 0;
  #parts = 0;
  #references = 0;
  #addressBytes = 0;

  /** Whether it is little enough for the event loop. */
  get isQuick(): boolean {
    return (
      this.#bytes <= QUICK.bytes &&
      this.#documents <= QUICK.datasets &&
      this.#datasets <= QUICK.datasets &&
      this.#parts <= QUICK.bulk
    );
  }

  bytes(count: number): void {
    this.#bytes += count;
    if (this.#bytes > MAX_METADATA_BYTES) throw tooLarge();
  }

  bulkBytes(count: number): void {
    this.#bulkBytes += count;
    if (this.#bulkBytes > MAX_BULK_BYTES) throw tooLarge();
  }

  /** Datasets are counted for themselves: a document may have none. */
  document(): void {
    this.#documents += 1;
    if (this.#documents > MAX_DATASETS) throw tooLarge();
  }

  dataset(): void {
    this.#datasets += 1;
    if (this.#datasets > MAX_DATASETS) throw tooLarge();
  }

  element(): void {
    this.elements(1);
  }

  elements(count: number): void {
    this.#elements += count;
    if (this.#elements > MAX_ELEMENTS) throw tooLarge();
  }

  /** Notes the `number`th member of one object, from 1. */
  member(number: number): void {
    if (number <= WIDE) return;
    this.#wide += 1;
    if (this.#wide > MAX_WIDE) throw tooLarge();
  }

  value(): void {
    this.#values += 1;
    if (this.#values > MAX_VALUES) throw tooLarge();
  }

  /** Notes empty values that are announced and not written. */
  gaps(count: number): void {
    this.#gaps += count;
    if (this.#gaps > MAX_GAPS) throw tooLarge();
  }

  bulkPart(address: string): void {
    this.#parts += 1;
    this.#addressBytes += address.length;
    if (this.#parts > MAX_BULK || this.#addressBytes > MAX_ADDRESS_BYTES) throw tooLarge();
  }

  /** Notes a reference to a value of so many parts. */
  reference(parts: number): void {
    this.#references += Math.max(1, parts);
    if (this.#references > MAX_BULK) throw tooLarge();
  }
}

/** Counts what a document has while its bytes pass, whether it is well formed or not. Fails as the count does, and with BAD_REQUEST for what is too deep. */
export interface DocumentScan {
  take(bytes: Uint8Array): void;
}

export const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
