/**
 * The compile-time hold on GitHub's official descriptions: what a handler may read and must answer follows from the
 * OpenAPI operation id of its route; what an event carries follows from the webhook descriptions.
 */
import type { components, operations } from '@octokit/openapi-types'
import type { components as webhookComponents } from '@octokit/openapi-webhooks-types'

export type OperationId = keyof operations
export type Schema<Name extends keyof components['schemas']> = components['schemas'][Name]
export type WebhookSchema<Name extends keyof webhookComponents['schemas']> = webhookComponents['schemas'][Name]

type ResponsesOf<Op extends OperationId> = operations[Op] extends { responses: infer R } ? R : never
type JsonOf<R> = R extends { content: { 'application/json': infer Body } } ? Body : undefined

/** A successful answer of the operation: any 2xx or 3xx status it describes, with that status's body. */
export type AnswerOf<Op extends OperationId> = {
  [Status in Exclude<keyof ResponsesOf<Op>, ErrorStatus>]: {
    readonly status: Status
    readonly body: JsonOf<ResponsesOf<Op>[Status]>
    readonly headers?: Readonly<Record<string, string>>
  }
}[Exclude<keyof ResponsesOf<Op>, ErrorStatus>]

type ErrorStatus = 400 | 401 | 403 | 404 | 405 | 409 | 410 | 413 | 422 | 429 | 500 | 503

/** The JSON body of the operation's request; checked against the description before a handler sees it. */
export type BodyOf<Op extends OperationId> = operations[Op] extends { requestBody?: infer R }
  ? NonNullable<R> extends { content: { 'application/json': infer Body } }
    ? NonNullable<Body>
    : Record<string, never>
  : Record<string, never>

type Kebab<S extends string> = S extends `${infer Head}_${infer Tail}` ? `${Head}-${Kebab<Tail>}` : S
/** A repository_dispatch has the caller's own word as action; its description is called `sample`. */
type PayloadName<Event extends string, Action> = Event extends 'repository_dispatch'
  ? 'webhook-repository-dispatch-sample'
  : Action extends string
    ? `webhook-${Kebab<Event>}-${Kebab<Action>}`
    : `webhook-${Kebab<Event>}`

type CommonField = 'action' | 'installation' | 'repository' | 'organization' | 'sender' | 'enterprise'

/** What an event carries beside the fields that every event has. */
export type EventPayload<Event extends string, Action> =
  PayloadName<Event, Action> extends infer Name
    ? Name extends keyof webhookComponents['schemas']
      ? Omit<webhookComponents['schemas'][Name], CommonField>
      : never
    : never
