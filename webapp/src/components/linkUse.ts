/** From two answers of the server: how many spines of the link meter each class fills, and how fast it sends. */

export const SPINES = 55
export const CLASSES = ['durable', 'state', 'ephemeral'] as const
export type TrafficClass = (typeof CLASSES)[number]

/** `gateway` in the answer of `/health/ready`. */
export interface GatewayState {
  /** Of this process; another after a restart. */
  replica: string
  stage: string
  /** Share of this replica's part of the link; may exceed 1. */
  link_use: number
  link_bytes_per_s: number
  /** By stage: the use of the link at which it begins. */
  stage_thresholds: Record<string, number>
  /** Since the server started. */
  sent_bytes: Record<TrafficClass, number>
}

export interface Reading {
  at_ms: number
  gateway: GatewayState
}

export type Rates = Record<TrafficClass, number>

/** Bytes per second of each class; undefined when the two answers are not of one run of one replica. */
export function ratesBetween(before: Reading, now: Reading): Rates | undefined {
  const elapsed_s = (now.at_ms - before.at_ms) / 1000
  const rate = (name: TrafficClass) => (now.gateway.sent_bytes[name] - before.gateway.sent_bytes[name]) / elapsed_s
  const rates = { durable: rate('durable'), state: rate('state'), ephemeral: rate('ephemeral') }
  return elapsed_s > 0 && before.gateway.replica === now.gateway.replica ? rates : undefined
}

/**
 * The class of each filled spine, in order. Headers and what came in are part of the use but of no class:
 * they count with the classes in proportion; `other` when no class sent anything.
 */
export function filledSpines(use: number, rates: Rates | undefined): (TrafficClass | 'other')[] {
  const filled = Math.round(SPINES * Math.min(1, Math.max(0, use)))
  const total = rates ? CLASSES.reduce((sum, name) => sum + rates[name], 0) : 0
  if (!rates || total === 0) return Array<'other'>(filled).fill('other')
  // Rounding the running sum, not each class, lets the parts add up to the whole.
  const ends = CLASSES.map((_, index) => Math.round(
    filled * CLASSES.slice(0, index + 1).reduce((sum, name) => sum + rates[name], 0) / total,
  ))
  return CLASSES.flatMap((name, index) => Array<TrafficClass>((ends[index] ?? 0) - (ends[index - 1] ?? 0)).fill(name))
}
