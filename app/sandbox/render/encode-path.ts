/** A ref or file path as it stands in an address: slashes stay, everything else is percent-encoded where it must be. */
export function encodePath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/')
}
