import { FILE_REASONS, type FileReason } from '@negatoscope/contract';
import type { DicomErrorCode } from '@negatoscope/dicom';
import { Failure } from '../../kernel/failure.ts';
import { storageFailure } from '../../kernel/full-disk.ts';

const REASON_OF: Partial<Record<DicomErrorCode | 'WORKER_MEMORY', FileReason>> = {
  ELEMENT_LIMIT: 'HEADER_TOO_LARGE',
  WORKER_MEMORY: 'HEADER_TOO_LARGE',
};

/**
 * Why a file could not be read, from the `code` of whatever reading it threw. Failures of the server itself (full disk, no
 * database) are no property of the file and are thrown on.
 */
export function reasonOf(error: unknown): FileReason {
  if (error instanceof Failure) throw error;
  // What a system call says is of this machine's disk: of a ZIP that could not be spooled, above all.
  if (error instanceof Error && 'syscall' in error) throw storageFailure(error);
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (typeof code !== 'string') throw error;
  return reasonOfCode(code);
}

/** The same for a code that came from another thread. */
export function reasonOfCode(code: string): FileReason {
  if (Object.hasOwn(FILE_REASONS, code)) return code as FileReason; // Just looked up.
  return REASON_OF[code as keyof typeof REASON_OF] ?? 'UNREADABLE';
}

/** Why files were not stored when that was no fault of theirs: the store was full, or it or the database failed. Undefined for other failures. */
export function storageReason(error: unknown): 'STORAGE_FULL' | 'STORAGE_FAILED' | undefined {
  if (!(error instanceof Failure)) return undefined;
  if (error.code === 'STORAGE_FULL') return 'STORAGE_FULL';
  return error.code === 'UNAVAILABLE' ? 'STORAGE_FAILED' : undefined;
}

const PROGRAMS = new Set(
  'exe dll inf msi bat cmd com app jar class dmg ocx sys ini cfg so dylib manifest cab swf vbs ps1 sh pkg rpm deb bin dat lic config apk elf'.split(
    ' ',
  ),
);
const ACCOMPANYING = new Set(
  'txt html htm xhtml css js mjs map xml xsl xsd json pdf jpg jpeg png gif bmp ico svg tif tiff webp rtf doc docx md csv log url lnk hlp chm md5 sha1 sha256 yml yaml mp4 avi wmv mov db'.split(
    ' ',
  ),
);
const WITHOUT_EXTENSION = new Set(['readme', 'license', 'licence', 'lisezmoi', 'autorun', 'version', 'changelog', 'copying']);

/** What a file that is no DICOM is, by its name alone: a patient CD carries a viewer and pages around its images. */
export function classifyByName(name: string): FileReason | undefined {
  const parts = name.toLowerCase().split('/');
  const last = parts.at(-1) ?? '';
  if (last.startsWith('.') || parts.includes('__macosx')) return 'NOT_AN_IMAGE';
  const dot = last.lastIndexOf('.');
  if (dot < 0) return WITHOUT_EXTENSION.has(last) ? (last === 'autorun' ? 'CD_VIEWER' : 'NOT_AN_IMAGE') : undefined;
  const extension = last.slice(dot + 1);
  if (PROGRAMS.has(extension)) return 'CD_VIEWER';
  return ACCOMPANYING.has(extension) ? 'NOT_AN_IMAGE' : undefined;
}
