/**
 * One row per REST route. The row says everything but the deed: GitHub's path template and operation id, which App
 * permission, which kinds of caller and which role of a person it takes. http/serve.ts enforces the row, checks the body
 * against GitHub's description and only then calls `handle`. To add routes: write such rows in routes/<area>.ts and name
 * the array in areas.ts.
 */
import type { CallerKind } from '../auth/caller.ts'
import type { Permissions, Role } from '../model/account.ts'
import type { Context } from './context.ts'
import type { AnswerOf, BodyOf, OperationId } from './description-types.ts'

export type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'

export type ParamsOf<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? { readonly [Key in Name]: string } & ParamsOf<Rest>
  : unknown

export interface RouteRow<Op extends OperationId, Path extends string> {
  readonly method: Method
  /** As in GitHub's OpenAPI: `/repos/{owner}/{repo}/issues/{issue_number}`. `{path}`, `{ref}` may span slashes. */
  readonly path: Path
  /** Which callers the route takes at all; another kind gets 403 (or 401 when anonymous). */
  readonly who: readonly CallerKind[]
  /** Any one of these suffices for an installation or a GITHUB_TOKEN; null: no permission needed. */
  readonly permission: Permissions | null
  /** What a person must at least be on the repository; default 'read'. Below 'read' the answer is 404, else 403. */
  readonly role?: Role
  /**
   * The query parameters and body fields that the handler honours. Another one that GitHub describes answers 501 and is
   * recorded as unsupported: it is never ignored quietly. Absent: everything described is taken. per_page and page are
   * always taken.
   */
  readonly takes?: readonly string[]
  /** Described fields below the first level that the handler does not honour, such as `output/images`: 501 as well. */
  readonly refuses?: readonly string[]
  /** Serves the media types raw, diff or patch beside JSON. */
  readonly otherForms?: boolean
  /** Works on an archived repository too, where other writes are 403. */
  readonly evenArchived?: boolean
  /** Counts against the limit of content creation (80 a minute, 500 an hour). */
  readonly createsContent?: boolean
  /** Bodies that the description does not cover (raw uploads): the JSON check is skipped. */
  readonly rawBody?: boolean
  readonly handle: (
    context: Context<BodyOf<Op>, ParamsOf<Path>>,
  ) => AnswerOf<Op> | Response | Promise<AnswerOf<Op> | Response>
}

/** A row with its types forgotten, as the server keeps it. */
export interface Route extends Omit<RouteRow<OperationId, string>, 'handle'> {
  readonly operationId: OperationId
  readonly handle: (context: Context) => Promise<RouteAnswer | Response>
}

export interface RouteAnswer {
  readonly status: number
  readonly body: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export function defineRoute<Op extends OperationId, const Path extends string>(
  operationId: Op,
  row: RouteRow<Op, Path>,
): Route {
  // The server proves body and parameters before it calls: the description checks the body, the template the parameters.
  const handle = row.handle as unknown as (context: Context) => RouteAnswer | Response | Promise<RouteAnswer | Response>
  return { ...row, operationId, handle: async (context) => handle(context) }
}

export const ANYONE = ['anonymous', 'user', 'installation', 'workflow'] as const
export const SIGNED_IN = ['user', 'installation', 'workflow'] as const
export const APP_ONLY = ['app'] as const
