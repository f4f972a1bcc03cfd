import { describe, expect, it } from 'vitest'
import { byDay } from './days'
import { nameParts } from './fileKinds'
import { sizeIn } from './fileSize'
import { boxOf, drawnWidth, isImage, tileOf } from './imageBox'

describe('a file', () => {
  it.each([
    ['packing-list.pdf', ['packing-list', '.pdf']],
    ['준비물.tar.gz', ['준비물.tar', '.gz']],
    ['.gitignore', ['.gitignore', '']],
    ['README', ['README', '']],
    ['a.sentence with a dot in it', ['a.sentence with a dot in it', '']],
  ])('named %s may be cut before its ending', (name, parts) => expect(nameParts(name)).toEqual(parts))

  it.each([[0, 0, 'byte'], [1023, 1023, 'byte'], [1024, 1, 'kilobyte'], [25 * 2 ** 20, 25, 'megabyte'], [2 ** 41, 2048, 'gigabyte']])('of %i bytes is told as %d %s', (bytes, value, unit) => {
    expect(sizeIn(bytes)).toEqual({ value, unit })
  })

  it('is an image if the server could read it as one', () => {
    const file = { id: 'x', name: 'x.png', size: 1, type: 'image/png' }
    expect(isImage({ ...file, width: 10, height: 10 })).toBe(true)
    expect(isImage(file)).toBe(false)
    expect(isImage({ ...file, type: 'text/plain', width: 10, height: 10 })).toBe(false)
  })
})

describe('the place of an image', () => {
  it.each([
    ['wide', { width: 4000, height: 2000 }, { width: 380, height: 190 }],
    ['tall', { width: 2000, height: 2500 }, { width: 256, height: 320 }],
    ['small', { width: 200, height: 100 }, { width: 200, height: 100 }],
    ['an icon', { width: 16, height: 16 }, { width: 44, height: 44 }],
    ['a strip', { width: 8000, height: 100 }, { width: 380, height: 95 }],
    ['a column', { width: 100, height: 9000 }, { width: 100, height: 200 }],
  ])('that is %s', (_, image, box) => expect(boxOf(image)).toEqual(box))

  it.each([
    ['wide', { width: 4000, height: 2000 }, 136, 272],
    ['tall', { width: 700, height: 1500 }, 136, 136],
    ['a strip', { width: 8000, height: 100 }, 136, 544],
    ['an icon', { width: 16, height: 16 }, 44, 44],
  ])('that is %s is a square beside others, drawn so wide that it fills it', (_, image, side, drawn) => {
    expect(tileOf(image)).toEqual({ width: side, height: side })
    expect(drawnWidth(image, tileOf(image))).toBe(drawn)
  })
})

describe('files of a room', () => {
  it('stand under their day', () => {
    const at = (day: number, hour: number) => ({ id: `${day}-${hour}`, name: 'x', size: 1, type: '', owner: 'me', created_at: new Date(2026, 10, day, hour).toISOString() })
    const days = byDay([at(25, 23), at(25, 0), at(24, 23), at(1, 9)], new Date(2026, 10, 25, 23, 30))
    expect(days.map(({ name, files }) => [name, files.map(({ id }) => id)])).toEqual([['today', ['25-23', '25-0']], ['yesterday', ['24-23']], [undefined, ['1-9']]])
  })
})
