/**
 * Screenshots as pictures in Markdown. A check run has a member for images of its own, but nothing says whether an update adds
 * to them or replaces them; text is replaced. GitHub fetches pictures through its own proxy, so that nobody learns who looked.
 */
import type { Artifact } from '../../../domain/task/state.ts'
import { safeImage } from './safe-link.ts'

/** More are links only. */
const MOST = 4
const NAME_CHARS = 120
const SHOWN_TYPES = /^image\/(?:png|jpeg|gif|webp)$/
const SHOWN_NAMES = /\.(?:png|jpe?g|gif|webp)$/i

const isPicture = ({ kind, mediaType, url }: Artifact): boolean =>
  kind === 'screenshot' &&
  (mediaType === null ? SHOWN_NAMES.test(URL.parse(url)?.pathname ?? '') : SHOWN_TYPES.test(mediaType.toLowerCase()))

/** The newest ones that a browser can show, oldest first. */
export const screenshots = (artifacts: readonly Artifact[]): readonly string[] =>
  artifacts
    .filter(isPicture)
    .flatMap(({ name, url }) => safeImage(name, url, NAME_CHARS) ?? [])
    .slice(-MOST)
