/** What a person does on GitHub in this story, through its REST API with the person's own token. */
export interface Person {
  readonly login: string
  openIssue(title: string, body: string): Promise<number>
  comment(issue: number, body: string): Promise<void>
  dispatch(workflow: string, inputs: Readonly<Record<string, string>>): Promise<number>
  merge(pull: number): Promise<void>
  read<T>(path: string): Promise<T>
}

export function createPerson(github: string, repository: string, login: string, token: string): Person {
  const ask = async <T>(method: string, path: string, body?: object): Promise<T> => {
    const response = await fetch(`${github}/repos/${repository}${path}`, {
      method,
      headers: {
        authorization: `token ${token}`,
        accept: 'application/vnd.github+json',
        'user-agent': login,
        'x-github-api-version': '2022-11-28',
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (!response.ok)
      throw new Error(`${method} ${path} as ${login} was answered with ${response.status}: ${text.slice(0, 300)}`)
    return (text === '' ? undefined : JSON.parse(text)) as T
  }
  return {
    login,
    openIssue: async (title, body) => (await ask<{ number: number }>('POST', '/issues', { title, body })).number,
    comment: async (issue, body) => void (await ask('POST', `/issues/${issue}/comments`, { body })),
    async dispatch(workflow, inputs) {
      const body = { ref: 'main', inputs, return_run_details: true }
      return (await ask<{ workflow_run_id: number }>('POST', `/actions/workflows/${workflow}/dispatches`, body))
        .workflow_run_id
    },
    merge: async (pull) => void (await ask('PUT', `/pulls/${pull}/merge`, { merge_method: 'merge' })),
    read: (path) => ask('GET', path),
  }
}
