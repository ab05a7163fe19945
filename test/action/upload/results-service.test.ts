import { describe, expect, it } from 'vitest'
import { uploadArtifact, type UploadMeans } from '../../../action/src/upload/results-service.ts'

const claims = (scp: string) => `h.${Buffer.from(JSON.stringify({ scp })).toString('base64url')}.s`
const service = { url: 'https://results.test/path/', token: claims('Other Actions.Results:run-1:job-2345678-9') }
const zip = new Uint8Array([1, 2, 3])

interface Sent {
  readonly url: string
  readonly body: unknown
}

/** Answers in order; an Error is thrown as a broken connection. */
const means = (...answers: readonly (readonly [number, unknown] | Error)[]) => {
  const sent: Sent[] = []
  const masked: string[] = []
  const waits: number[] = []
  const fake: UploadMeans = {
    fetch: (input, init) => {
      const body = init?.body
      sent.push({ url: input as string, body: typeof body === 'string' ? JSON.parse(body) : body })
      const answer = answers[sent.length - 1]
      if (answer === undefined || answer instanceof Error)
        return Promise.reject(answer ?? new Error('unexpected request'))
      return Promise.resolve(new Response(JSON.stringify(answer[1]), { status: answer[0] }))
    },
    sleep: (ms) => {
      waits.push(ms)
      return Promise.resolve()
    },
    mask: (secret) => void masked.push(secret),
  }
  return { fake, sent, masked, waits }
}

const CREATED = [200, { ok: true, signed_upload_url: 'https://blob.test/x?sig=a%2Bb' }] as const
const STORED = [201, ''] as const
const FINAL = [200, { ok: true, artifact_id: '42' }] as const

const named = (mark: string | null): string => (mark === null ? 'r-1' : `r-${mark}-1`)

describe('uploadArtifact', () => {
  it('creates, puts and finalizes', async () => {
    const { fake, sent, masked } = means(CREATED, STORED, FINAL)
    expect(await uploadArtifact(named, zip, service, fake)).toEqual({
      id: '42',
      name: 'r-1',
      sha256: '039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81',
      size: 3,
    })
    const root = 'https://results.test/twirp/github.actions.results.api.v1.ArtifactService'
    const ids = { workflow_run_backend_id: 'run-1', workflow_job_run_backend_id: 'job-2345678-9' }
    expect(sent).toEqual([
      { url: `${root}/CreateArtifact`, body: { ...ids, name: 'r-1', version: 7, mime_type: 'application/zip' } },
      { url: 'https://blob.test/x?sig=a%2Bb', body: zip },
      {
        url: `${root}/FinalizeArtifact`,
        body: {
          ...ids,
          name: 'r-1',
          size: '3',
          hash: 'sha256:039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81',
        },
      },
    ])
    expect(masked).toEqual(['a+b', 'a%2Bb'])
  })

  it('tries again after broken connections and errors of the service, then gives up', async () => {
    const good = means(new Error('reset'), CREATED, [503, ''], STORED, FINAL)
    expect((await uploadArtifact(named, zip, service, good.fake)).id).toBe('42')
    expect(good.waits).toEqual([1000, 1000])
    const down = means(...Array.from({ length: 4 }, () => [500, ''] as const))
    await expect(uploadArtifact(named, zip, service, down.fake)).rejects.toMatchObject({ code: 'refused' })
    expect(down.sent).toHaveLength(4)
    const gone = means(...Array.from({ length: 4 }, () => new Error('refused')))
    await expect(uploadArtifact(named, zip, service, gone.fake)).rejects.toMatchObject({
      code: 'unreachable',
      retryable: true,
    })
  })

  it("adds the job's own suffix when a job of the same name was first, and says so when it is its own name", async () => {
    const taken = [409, { code: 'already_exists', msg: 'x' }] as const
    const { fake } = means(taken, CREATED, STORED, FINAL)
    expect((await uploadArtifact(named, zip, service, fake)).name).toBe('r-job-2345-1')
    const twice = means(taken, taken)
    await expect(uploadArtifact(named, zip, service, twice.fake)).rejects.toThrow('`report-name`')
  })

  it('refuses what is no answer, and does not repeat what was refused', async () => {
    const forbidden = means([403, { code: 'permission_denied', msg: '' }])
    await expect(uploadArtifact(named, zip, service, forbidden.fake)).rejects.toThrow('GitHub answered 403')
    expect(forbidden.sent).toHaveLength(1)
    const odd = means([200, { ok: true, signed_upload_url: 'nowhere' }])
    await expect(uploadArtifact(named, zip, service, odd.fake)).rejects.toThrow('no address')
    const lost = means(CREATED, STORED, [200, { ok: false }])
    await expect(uploadArtifact(named, zip, service, lost.fake)).rejects.toThrow('did not accept')
    const denied = means(CREATED, [403, ''])
    await expect(uploadArtifact(named, zip, service, denied.fake)).rejects.toThrow('storage answered 403')
  })

  it.each(['', 'x', 'a.b.c', claims('Actions.Results:one'), claims('Actions.Results:a:b:c')])(
    'refuses a runtime token that names no job: %s',
    async (token) => {
      await expect(uploadArtifact(named, zip, { ...service, token }, means().fake)).rejects.toMatchObject({
        code: 'no-runner',
      })
    },
  )
})
