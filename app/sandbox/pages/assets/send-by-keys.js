/** Ctrl+Enter, or Cmd+Enter, in a text box presses its form's main button, as on GitHub. */
document.addEventListener('keydown', (event) => {
  const box = event.target
  if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || !(box instanceof HTMLTextAreaElement)) return
  const button = box.form?.querySelector('button.primary') ?? null
  if (box.form === null || (box.required && box.value.trim() === '')) return
  event.preventDefault()
  box.form.requestSubmit(button)
})
