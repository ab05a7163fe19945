/** Loaded first into processes that a bench starts and that would run for ever: they end when the bench is gone, also when it was killed. */
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
process.channel?.unref()
