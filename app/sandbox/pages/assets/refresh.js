/** Looks for news every few seconds and puts it in place, unless the person is writing. Without it the pages work, too. */
const EVERY_MS = 3000
const main = document.querySelector('main')

function isBusy() {
  const focused = document.activeElement?.matches('textarea, input, button, summary, select') ?? false
  const fields = [...main.querySelectorAll('textarea, input:not([type])')]
  const openForm = main.querySelector('details.menu[open]') !== null
  return focused || openForm || fields.some((field) => field.value !== field.defaultValue)
}

async function look() {
  if (document.hidden || isBusy()) return
  const answer = await fetch(location.href, {
    headers: { accept: 'text/html', 'x-refresh': '1', 'if-none-match': `"${main.dataset.version}"` },
  })
  if (answer.status !== 200 || isBusy()) return
  const next = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('main')
  const open = [...main.querySelectorAll('details')].map((one) => one.open)
  main.dataset.version = next.dataset.version
  main.replaceChildren(...next.childNodes)
  main.querySelectorAll('details').forEach((one, i) => {
    if (open[i] !== undefined) one.open = open[i]
  })
}

setInterval(() => look().catch(() => {}), EVERY_MS)
