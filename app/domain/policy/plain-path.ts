/** A path as rules see it: from the root of the repository, without the detours that would get around a rule. */
export const plainPath = (path: string): string => {
  const parts: string[] = []
  for (const part of path.replaceAll('\\', '/').split('/')) {
    if (part === '' || part === '.') continue
    if (part !== '..') parts.push(part)
    // Above the root it is said as it is: outside the repository.
    else if (parts.length === 0 || parts.at(-1) === '..') parts.push('..')
    else parts.pop()
  }
  return parts.join('/')
}
