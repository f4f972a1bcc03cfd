import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

interface Texts { [key: string]: string | Texts }

const ROOT = resolve(import.meta.dirname, '../../..')
const plugins = readdirSync(join(ROOT, 'plugins'), { recursive: true, encoding: 'utf8' })
  .filter(path => path.endsWith('web/locales/en.json')).map(path => join(ROOT, 'plugins', path))
const files = [join(import.meta.dirname, 'en.json'), ...plugins]

const read = (path: string) => JSON.parse(readFileSync(path, 'utf8')) as Texts
const flat = (texts: Texts, prefix = ''): [string, string][] => Object.entries(texts).flatMap(([key, value]) =>
  typeof value === 'string' ? [[prefix + key, value]] : flat(value, `${prefix}${key}.`))
/** The names between braces; once for each, whatever the number of plural forms. */
const holes = (text: string) => [...new Set(text.match(/\{\w+\}/g))].sort()

describe.each(files)('%s', (path) => {
  const english = new Map(flat(read(path)))
  const korean = new Map(flat(read(path.replace('en.json', 'ko.json'))))

  it('has the same texts in Korean, with the same values in them', () => {
    expect([...korean.keys()].sort()).toEqual([...english.keys()].sort())
    for (const [key, text] of english) expect([key, holes(korean.get(key)!)]).toEqual([key, holes(text)])
  })

  it('leaves no text empty', () => {
    expect([...english, ...korean].filter(([, text]) => !text.trim())).toEqual([])
  })
})
