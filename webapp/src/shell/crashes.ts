/** Tells failures of an action from those of what is shown. */

import { ChatError } from '@webapp/plugin-api/errors'

/** Vue's codes; a build for production gives them as a link. Native and component event handlers. */
const HANDLER = /#runtime-[56]$|event handler/
/** A part whose code comes when it is needed. */
const LOADER = /#runtime-13$|async component loader/

/**
 * Returns what to tell people where `error` came from something that they did, and nothing that is shown is broken;
 * else undefined. `source` is what Vue says about where it came from.
 */
export function failedAction(error: unknown, source: string): unknown {
  if (HANDLER.test(source)) return error
  if (LOADER.test(source)) return ChatError.local('webapp.offline', 'A part of the page could not be fetched.')
  return undefined
}
