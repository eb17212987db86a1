/** Codes of the system (errno) and of Node, each completing "X cannot be read: ". */
const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  EACCES: 'permission is denied',
  EPERM: 'permission is denied',
  ENOTDIR: 'a part of the path is not a folder',
  EISDIR: 'it is a folder',
  ERR_NOT_A_FILE: 'it is not a regular file',
  EFBIG: 'it is too large',
  EAGAIN: 'it has no end',
  EEXIST: 'something else stands there',
  ELOOP: 'symbolic links lead in a circle',
  ENAMETOOLONG: 'the path is too long',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space is left on the disk',
  EDQUOT: 'the disk quota is used up',
  EMFILE: 'too many files are open',
  ERR_INVALID_ARG_VALUE: 'the path holds a NUL byte',
  ERR_ENCODING_INVALID_ENCODED_DATA: 'it is not UTF-8 text',
};

/** Why a file or folder could not be read or written, in the same words everywhere; what is not known by its own first line. */
export function systemReason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? String(error.code) : '';
  return reasons[code] ?? error.message.split('\n')[0] ?? code;
}
