/** What to tell people about a failure: the code's own words, else the kind's. */

import { useI18n } from 'vue-i18n'
import { toChatError } from './errors'

/**
 * Returns a function from a caught error to a sentence.
 *
 * Words are looked up as `<plugin>.errors.<reason>` for the code `<plugin>.<reason>`, then as `shell.errors.<kind>`;
 * `{seconds}` is the time until it is free again, `{trace}` the trace id.
 */
export function useErrorText(): (caught: unknown) => string {
  const { t, te } = useI18n()
  return (caught) => {
    const error = toChatError(caught)
    const [plugin, reason] = error.code.split('.')
    const own = `${plugin === 'webapp' ? 'shell' : plugin}.errors.${reason}`
    return t(te(own) ? own : `shell.errors.${error.kind}`, { seconds: Math.ceil(error.retryAfterS ?? 1), trace: error.traceId })
  }
}
