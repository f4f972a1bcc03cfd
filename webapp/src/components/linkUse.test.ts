import { describe, expect, it } from 'vitest'
import { filledSpines, ratesBetween, SPINES } from './linkUse'
import type { Reading } from './linkUse'

function reading(at_ms: number, durable: number, state: number, ephemeral: number, replica = 'a'): Reading {
  const sent_bytes = { durable, state, ephemeral }
  const gateway = { replica, stage: 'free', link_use: 0, link_bytes_per_s: 1, stage_thresholds: {}, sent_bytes }
  return { at_ms, gateway }
}

describe('rates', () => {
  it('are the difference of two answers over the time between them', () => {
    expect(ratesBetween(reading(1000, 100, 50, 0), reading(3000, 500, 50, 20)))
      .toEqual({ durable: 200, state: 0, ephemeral: 10 })
  })

  it('are unknown between two replicas', () => {
    expect(ratesBetween(reading(0, 100, 0, 0), reading(1000, 900, 0, 0, 'b'))).toBeUndefined()
  })

  it('are unknown when no time went by', () => {
    expect(ratesBetween(reading(5, 1, 1, 1), reading(5, 1, 1, 1))).toBeUndefined()
  })
})

describe('spines', () => {
  it('are filled in the order of the classes, in proportion to what they send', () => {
    const spines = filledSpines(20 / SPINES, { durable: 100, state: 60, ephemeral: 40 })
    expect(spines).toEqual([
      ...Array<string>(10).fill('durable'), ...Array<string>(6).fill('state'), ...Array<string>(4).fill('ephemeral'),
    ])
  })

  it('add up to the whole use, however the parts are rounded', () => {
    for (let filled = 0; filled <= SPINES; filled++) {
      expect(filledSpines(filled / SPINES, { durable: 1, state: 1, ephemeral: 1 })).toHaveLength(filled)
    }
  })

  it('end at the last one when the link is overfull', () => {
    expect(filledSpines(1.4, { durable: 1, state: 0, ephemeral: 0 })).toHaveLength(SPINES)
  })

  it('belong to no class while nobody knows whose they are', () => {
    expect(filledSpines(2 / SPINES, undefined)).toEqual(['other', 'other'])
    expect(filledSpines(2 / SPINES, { durable: 0, state: 0, ephemeral: 0 })).toEqual(['other', 'other'])
  })
})
