/** An input, or a variable of the runner, that cannot be used. The message says which, why and what to do; it quotes no value. */
export class InputFault extends Error {
  readonly code = 'bad-input'

  constructor(input: string, problem: string, next: string) {
    super(`${/^[A-Z_]+$/.test(input) ? 'Variable' : 'Input'} \`${input}\`: ${problem}. ${next}.`)
    this.name = 'InputFault'
  }
}
