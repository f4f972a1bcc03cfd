/** What only the shell's own components inject. */

import type { InjectionKey } from 'vue'
import type { FeedbackState } from './feedback'

export const FEEDBACK_STATE: InjectionKey<FeedbackState> = Symbol('feedback')
