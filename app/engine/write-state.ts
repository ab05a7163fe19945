/**
 * A state as canonical text, and as it will be read from that text. What is the same as in a state before is neither written
 * nor read again, so that long lists cost where they change. States are never changed: no text here grows old.
 */
import { canonicalJson, isInOrder } from '../domain/event/canonical-json.ts'

interface Written<Value> {
  readonly text: string
  /** Equal to what the text reads as, in the order of its members too. */
  readonly state: Value
}

/** Of members of states. */
const texts = new WeakMap<object, string>()

export const writeState = <State extends object>(state: State): Written<State> => {
  const members = Object.entries(state)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => {
      const { text, state } = writeMember(member)
      return { name, text, state }
    })
  return {
    text: `{${members.map(({ name, text }) => `${JSON.stringify(name)}:${text}`).join(',')}}`,
    // The same members, each as it reads.
    state: Object.fromEntries(members.map(({ name, state }) => [name, state])) as State,
  }
}

const writeMember = (member: unknown): Written<unknown> => {
  if (typeof member !== 'object' || member === null) return write(member)
  const known = texts.get(member)
  if (known !== undefined) return { text: known, state: member }
  const written = Array.isArray(member) ? writeList(member) : write(member)
  texts.set(written.state as object, written.text)
  return written
}

/** Rows that were read before stay the objects that they are, and are written in one go. */
const writeList = (list: readonly unknown[]): Written<readonly unknown[]> => {
  const isRead = list.map(isInOrder)
  if (!isRead.includes(false)) return { text: JSON.stringify(list), state: list }
  const state = list.map((row, at) => (isRead[at] === true ? row : write(row).state))
  const isInOrderNow = state.every((row, at) => isRead[at] === true || isInOrder(row))
  return { text: isInOrderNow ? JSON.stringify(state) : canonicalJson(state), state }
}

const write = (value: unknown): Written<unknown> => {
  if (isInOrder(value)) return { text: JSON.stringify(value), state: value }
  const text = canonicalJson(value ?? null)
  return { text, state: JSON.parse(text) as unknown }
}
